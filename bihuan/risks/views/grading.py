"""Grade a risk again, and confirm or refuse a lower grade as a second officer."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.core import risk as core
from bihuan.orgs.http import SignedInRequest
from bihuan.risks import queries, shown
from bihuan.risks.actions import regrading
from bihuan.risks.forms import DecideForm, RegradeForm
from bihuan.risks.models import Regrading
from bihuan.risks.views.frame import changed, done, form_context


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def regrade(request: SignedInRequest, pk: int) -> HttpResponse:
    """Grade a risk by the matrix in use; a lower colour waits for a second officer."""
    now = timezone.now()
    found = changed(request, pk, now)
    first = {"likelihood": found.likelihood, "consequence": found.consequence}
    form = RegradeForm(request.POST or None, now=now, initial=first)
    if form.is_valid() and done(
        form,
        lambda: regrading.regrade(
            risk=found,
            levels=form.levels(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=now,
        ),
    ):
        waits = queries.open_regrading(found) is not None
        said = _("Proposed. A second officer confirms it.") if waits else _("Graded again.")
        messages.success(request, said)
        return redirect(found)
    context = {
        **form_context(form, found, _("Grade again")),
        "matrix": shown.matrix(core.current(localdate(now)), found),
        "consequences": [
            _("A higher grade counts at once."),
            _("A lower grade counts once a second officer has confirmed it."),
        ],
    }
    return render(request, "risks/grade.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm or refuse a lower grade; the officer who proposed it can withdraw it."""
    now = timezone.now()
    seen = queries.visible_to(request.user, now)
    rows = Regrading.objects.select_related("risk__site__unit").filter(risk__in=seen.values("pk"))
    asked = get_object_or_404(rows, pk=pk)
    risk, own = asked.risk, asked.asked_by_id == request.user.pk
    if not own and not queries.may_confirm(request.user, risk, now):
        raise Http404
    if asked.is_granted is not None:
        messages.info(request, _("This proposal was already decided."))
        return redirect(risk)
    form = DecideForm(request.POST or None, own=own)
    if form.is_valid() and done(form, lambda: _act(form, asked, request, now)):
        messages.success(request, _("Recorded."))
        return redirect(risk)
    heading = _("Withdraw the lower grade") if own else _("Confirm a lower grade")
    context = {
        **form_context(form, risk, heading),
        "submit": heading if own else _("Decide"),
        "asked": asked,
        "grade": shown.grade(risk),
        "new": shown.grade(asked),
    }
    return render(request, "risks/decide.html", context)


def _act(form: DecideForm, asked: Regrading, request: SignedInRequest, now: datetime) -> object:
    act = regrading.confirm_lower if form.is_granted else regrading.refuse_lower
    return act(regrading=asked, note=form.cleaned_data["note"], actor=request.user, now=now)
