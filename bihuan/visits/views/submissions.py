"""Papers that operators submitted: what waits, and the decision of an officer."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refusal
from bihuan.files import attachments
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import wording as site_words
from bihuan.visits import operating, wording
from bihuan.visits.actions import submitting
from bihuan.visits.operator_forms import RefuseForm
from bihuan.visits.submitted import PaperSubmission
from bihuan.web import paging, timeline


@require_safe
@never_cache
def waiting(request: SignedInRequest) -> HttpResponse:
    """List the papers that wait for this officer's unit."""
    now = timezone.now()
    page = paging.requested(request, operating.waiting(request.user, now))
    return render(request, "visits/submissions.html", {"rows": page.rows, **page.links()})


@require_safe
@never_cache
def submission(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what the operator stated, with its files."""
    now = timezone.now()
    found = _received(request, pk, now)
    context = {
        "submission": found,
        "site": found.site,
        "heading": str(found),
        "is_waiting": found.state == PaperSubmission.State.WAITING,
        "attachments": attachments.of(found.subject, request.user, now),
        "timeline": timeline.of(found.subject),
        "crumbs": _crumbs(found),
    }
    return render(request, "visits/submission.html", context)


@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the paper on the register; it can be withdrawn there."""
    now = timezone.now()
    found = _received(request, pk, now)
    try:
        paper = submitting.accept(submission=found, actor=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, _explained(refusal))
        return redirect(found)
    messages.success(request, _("Accepted. The paper is on the register of the site."))
    return redirect(paper)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Refuse the paper, with a reason for the operator."""
    now = timezone.now()
    found = _received(request, pk, now)
    form = RefuseForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            submitting.refuse(submission=found, reason=reason, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, _explained(refusal))
        else:
            messages.success(request, _("Refused."))
            return redirect("visits:submissions")
    context = {
        "form": form,
        "heading": _("Refuse the paper"),
        "consequences": [_("The operator sees the reason, and can submit the paper again.")],
        "submit": _("Refuse"),
        "danger": True,
        "cancel_url": found.get_absolute_url(),
        "crumbs": [*_crumbs(found), (str(found), found.get_absolute_url())],
    }
    return render(request, "web/confirm.html", context)


def _received(request: SignedInRequest, pk: int, now: datetime) -> PaperSubmission:
    rows = operating.received_by(request.user, now)
    return get_object_or_404(rows.select_related("site__unit", "site__operator_unit"), pk=pk)


def _crumbs(found: PaperSubmission) -> list[tuple[str, str]]:
    return [
        (_("Submitted papers"), reverse("visits:submissions")),
        (found.site.name, found.site.get_absolute_url()),
    ]


def _explained(refusal: Refusal) -> str:
    """Refusals of the register have their own sentences."""
    module = type(refusal).__module__
    is_of_sites = module.startswith("bihuan.sites")
    return site_words.explain(refusal) if is_of_sites else wording.explain(refusal)
