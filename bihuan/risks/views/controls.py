"""Controls of a risk: added, changed, ended and checked."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.orgs.http import SignedInRequest
from bihuan.risks import problems
from bihuan.risks.actions import controls as actions
from bihuan.risks.forms import CheckForm, ControlForm, ReasonForm
from bihuan.risks.models import Control
from bihuan.risks.views.frame import changed, checked, control, done, form_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    risk = changed(request, pk, now)
    form = ControlForm(request.POST or None, site=risk.site, now=now)
    if form.is_valid() and done(
        form,
        lambda: actions.add_control(
            risk=risk,
            measure=form.given(),
            actor=request.user,
            now=now,
            form_key=form.mark(str(pk), str(request.user.pk)),
        ),
    ):
        messages.success(request, _("Control added"))
        return redirect(risk)
    return form_page(request, form, risk, _("Add control"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = control(request, pk, now)
    first = {
        "kind": found.kind,
        "measure": found.measure,
        "post": found.post_id,
        "every_days": found.every_days,
    }
    form = ControlForm(request.POST or None, site=found.risk.site, now=now, initial=first)
    if form.is_valid() and done(
        form,
        lambda: actions.change_control(
            control=found, measure=form.given(), actor=request.user, now=now
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(found.risk)
    return form_page(request, form, found.risk, _("Change control"), submit=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = control(request, pk, now)
    if found.ended_at is not None:
        return redirect(found.risk)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: actions.end_control(
            control=found, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
    ):
        messages.success(request, _("Control ended"))
        return redirect(found.risk)
    consequences = [
        _("The control no longer counts, and no check of it is due."),
        _("It stays on record with its checks and your reason."),
    ]
    return form_page(request, form, found.risk, _("End control"), consequences=consequences)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record a check; after a failed one the report of the hazard opens."""
    now = timezone.now()
    found = checked(request, pk, now)
    files = request.FILES if request.method == "POST" else None
    form = CheckForm(request.POST or None, files, now=now)
    if form.is_valid() and done(
        form,
        lambda: actions.check(
            control=found,
            result=form.result(),
            actor=request.user,
            now=now,
            photos=form.cleaned_data["photos"],
            form_key=form.mark(str(pk), str(request.user.pk), *form.digests()),
        ),
    ):
        return _after(request, form, found, now)
    lead = f"{found.measure} · {found.risk.title}"
    return form_page(request, form, found.risk, _("Check control"), submit=_("Record"), intro=lead)


def _after(
    request: SignedInRequest, form: CheckForm, found: Control, now: datetime
) -> HttpResponse:
    if form.result().is_effective:
        messages.success(request, _("Check recorded."))
        return redirect(found.risk)
    url = problems.address(found, request.user, now)
    if not url:
        messages.warning(request, _("Check recorded. Have the hazard reported."))
        return redirect(found.risk)
    messages.warning(request, _("Check recorded. Now report what does not work as a hazard."))
    return redirect(url)
