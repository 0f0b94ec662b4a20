"""Unseal: first a reason, then the identity, in that one response and nowhere else."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.cases import kind_wording, wording
from bihuan.cases.models import Case
from bihuan.core.grants import StillWaits
from bihuan.core.refusal import Refusal
from bihuan.desk.views.case import case_or_404, crumbs_to
from bihuan.desk.views.panel import page_or_panel
from bihuan.orgs.http import SignedInRequest
from bihuan.receipts import dialogue
from bihuan.receipts.actions import seals as actions
from bihuan.receipts.forms.seals import DangerForm, ReasonForm
from bihuan.receipts.models import Seal, UnsealRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: SignedInRequest, number: str, slot: str) -> HttpResponse:
    """State why the identity is needed; it is shown at once, unless a second officer is
    required.
    """
    now = timezone.now()
    case = case_or_404(request, number, now)
    row = get_object_or_404(Seal, case=case, slot=slot)
    waits = _held_up(row, request, now)
    form = (DangerForm if waits else ReasonForm)(request.POST or None)
    if form.is_valid():
        try:
            opening = actions.ask_opening(row=row, actor=request.user, now=now, **form.cleaned_data)
            if opening.allowed_by_id or not actions.takes_two(opening, case):
                return _shown(request, case, opening, now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(
                request, _("Requested. Another officer handling this case must approve it.")
            )
            return HttpResponseRedirect(case.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "takes_two": case.is_confidential,
        "waits": wording.explain(waits) if waits else "",
        "action": reverse("receipts:open-seal", args=[number, slot]),
        "submit": _("Request unsealing") if case.is_confidential or waits else _("Unseal"),
        "cancel_url": case.get_absolute_url(),
        "heading": _("Unseal"),
        **crumbs_to(case),
    }
    return page_or_panel(request, "receipts/seal_ask.html", "receipts/seal_ask_body.html", context)


def _held_up(row: Seal, request: SignedInRequest, now: datetime) -> StillWaits | None:
    """Return why this officer may not unseal alone yet; those who may not unseal at all are
    refused later.
    """
    try:
        return actions.held_up(row=row, actor=request.user, now=now)
    except Refusal:
        return None


@require_POST
@never_cache
def look(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """View the identity again within the allowed time, or for the first time after the approval."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    try:
        return _shown(request, case, _opening(case, pk), now)
    except Refusal as refusal:
        return _refused(request, case, refusal)


@require_POST
def allow(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Approve the reason as the second officer; the first one may then view the identity."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    try:
        actions.allow_opening(opening=_opening(case, pk), actor=request.user, now=now)
    except Refusal as refusal:
        return _refused(request, case, refusal)
    messages.success(
        request, _("Approved. The officer who requested it can now view the identity.")
    )
    return HttpResponseRedirect(case.get_absolute_url())


def _opening(case: Case, pk: int) -> UnsealRequest:
    try:
        return dialogue.opening_of(case, pk)
    except UnsealRequest.DoesNotExist as nothing:
        raise Http404 from nothing


def _shown(
    request: SignedInRequest, case: Case, opening: UnsealRequest, now: datetime
) -> HttpResponse:
    """The only page that shows it; it is not cached, and a reload asks again."""
    identity = actions.look(opening=opening, actor=request.user, now=now)
    context = {
        "case": case,
        "told": identity,
        "whose": kind_wording.whose(case, opening.seal.slot),
        "heading": _("Reporter"),
        **crumbs_to(case),
    }
    return render(request, "receipts/seal_opened.html", context)


def _refused(request: SignedInRequest, case: Case, refusal: Refusal) -> HttpResponse:
    context = {
        "case": case,
        "why": wording.explain(refusal),
        "heading": _("Reporter"),
        **crumbs_to(case),
    }
    return render(request, "desk/refused.html", context, status=403)
