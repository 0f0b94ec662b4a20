"""Place cases on hold, and lift holds."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.core.refusal import Refusal
from bihuan.orgs import naming
from bihuan.orgs.http import SignedInRequest
from bihuan.retention import queries, wording
from bihuan.retention.actions import holds
from bihuan.retention.forms import HoldForm, WhyForm
from bihuan.retention.models import Hold
from bihuan.retention.views.lists import units_to_hold


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: SignedInRequest) -> HttpResponse:
    """Place a case, or all cases of a unit, on hold."""
    now = timezone.now()
    units = units_to_hold(request.user, now)
    if not units:
        raise PermissionDenied
    form = HoldForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    form.offer(units)
    if form.is_valid() and _held(request, form, now):
        messages.success(request, _("Placed on hold until the hold is lifted."))
        return redirect("retention:retention")
    context = {
        "form": form,
        "heading": _("Place a disposal hold"),
        "consequences": [
            _("Until the hold is lifted, nothing in it may be disposed of, corrected or erased."),
            _("The reason and your name are recorded."),
        ],
        "submit": _("Place on hold"),
        **_above(),
    }
    return render(request, "web/confirm.html", context)


def _held(request: SignedInRequest, form: HoldForm, now: datetime) -> bool:
    number, unit = form.cleaned_data["number"], form.cleaned_data["unit"]
    reason = form.cleaned_data["reason"]
    try:
        if unit:
            holds.hold_unit(unit=unit, reason=reason, actor=request.user, now=now)
        else:
            case = cases.case_for(request.user, number.upper(), now)
            holds.hold_case(case=case, reason=reason, actor=request.user, now=now)
    except Case.DoesNotExist:
        form.add_error("number", _("There is no such case, or you may not see it."))
        return False
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lift a hold."""
    now = timezone.now()
    row = queries.hold_for(request.user, pk, now)
    if row is None or not holds.may_lift(row, request.user, now):
        raise Http404
    form = WhyForm(request.POST or None)
    if form.is_valid():
        try:
            holds.lift(row=row, why=form.cleaned_data["reason"], actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Hold lifted. The retention period applies again."))
            return redirect("retention:retention")
    context = {
        "form": form,
        "heading": _("Lift hold"),
        "consequences": [
            f"{_about(row)} · {row.reason}",
            _(
                "The retention period applies again, and correction and erasure requests can be "
                "granted."
            ),
        ],
        "submit": _("Lift hold"),
        **_above(),
    }
    return render(request, "web/confirm.html", context)


def _about(row: Hold) -> str:
    if row.case:
        return row.case.number
    return naming.name_of(row.unit) if row.unit else ""


def _above() -> dict[str, object]:
    there = reverse("retention:retention")
    return {"crumbs": [(_("Retention"), there)], "cancel_url": there}
