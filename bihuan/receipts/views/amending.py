"""Decisions on requests to correct or erase."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import holding, kind_wording, wording
from bihuan.cases.models import Case
from bihuan.core.refusal import Missing, Refusal
from bihuan.desk.views.case import case_or_404, crumbs_to
from bihuan.orgs.http import SignedInRequest
from bihuan.receipts.actions import amendments as actions
from bihuan.receipts.forms.amending import DecideAmendmentForm
from bihuan.receipts.models import Amendment
from bihuan.receipts.queries import amendments
from bihuan.receipts.queries.amendments import Thing
from bihuan.receipts.wording import amending


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Grant a request, in full or in part, or refuse it with the reason and its basis."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    given = get_object_or_404(Amendment.objects.select_related("clock"), pk=pk, case=case)
    if not amendments.may_decide(given, case, request.user, now):
        raise Http404
    if not given.is_open:
        gone = _("This request has already been decided or withdrawn.")
        messages.info(request, wording.about(case, gone))
        return redirect(case)
    found = amendments.thing(case, given.slot, given.thing)
    form = DecideAmendmentForm(
        request.POST or None,
        given=given,
        words=found.words if found else "",
        is_held=holding.is_held(case),
    )
    if form.is_valid():
        try:
            actions.decide(given=given, actor=request.user, now=now, **form.arguments())
        except Refusal as refusal:
            _explain(form, refusal)
        else:
            done = _("Decided. The reporter has been informed.")
            messages.success(request, wording.about(case, done))
            return redirect(case)
    return render(request, "receipts/amendment.html", _context(case, given, found, form, now))


def _explain(form: DecideAmendmentForm, refusal: Refusal) -> None:
    """Show the error at the field that is missing."""
    names = refusal.what if isinstance(refusal, Missing) else ()
    fields = [name for name in names if name in form.fields]
    for name in fields:
        form.add_error(name, wording.explain(Missing(name)))
    if not fields:
        form.add_error(None, wording.explain(refusal))


def _context(
    case: Case,
    given: Amendment,
    found: Thing | None,
    form: DecideAmendmentForm,
    now: datetime,
) -> dict[str, object]:
    return {
        "case": case,
        "given": given,
        "found": found,
        "what": amending.thing_words(given.thing),
        "whose": kind_wording.whose(case, given.slot),
        "form": form,
        "is_held": holding.is_held(case),
        "reworded_at": amendments.reworded_at(case, given.thing),
        "heading": _("Correction or erasure request"),
        "submit": _("Decide"),
        "cancel_url": case.get_absolute_url(),
        **crumbs_to(case),
        "now": now,
    }
