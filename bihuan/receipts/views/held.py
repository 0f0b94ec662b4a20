"""Acts by a code from a desk: the reporter is asked by a unit above, then the act takes effect."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import kind_wording, wording
from bihuan.cases.models import Case
from bihuan.core.refusal import Refusal
from bihuan.desk.views.case import case_or_404, crumbs_to
from bihuan.orgs.http import SignedInRequest
from bihuan.receipts import held
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.forms.held import DecideHeldForm
from bihuan.receipts.models import HeldAct


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Confirm one act, or record that the reporter does not want it."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    given = get_object_or_404(HeldAct, pk=pk, case=case)
    if not desk_codes.may_decide(given, case, request.user, now):
        raise Http404
    form = DecideHeldForm(request.POST or None)
    if form.is_valid():
        try:
            desk_codes.decide(given=given, actor=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            done = _("Decided. The person sees it with the code.")
            messages.success(request, wording.about(case, done))
            return redirect(case)
    return render(request, "receipts/held.html", _context(case, given, form, now))


def _context(case: Case, given: HeldAct, form: DecideHeldForm, now: datetime) -> dict[str, object]:
    return {
        "case": case,
        "given": given,
        "label": held.label(given.act),
        "words": [str(value) for value in given.said.values() if isinstance(value, str) and value],
        "whose": kind_wording.whose(case, given.code.slot),
        "form": form,
        "heading": _("Requests made with a code from a desk"),
        "submit": _("Decide"),
        "cancel_url": case.get_absolute_url(),
        **crumbs_to(case),
        "now": now,
    }
