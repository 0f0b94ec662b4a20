"""The page on which a hazard is reported."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases.models import Case
from bihuan.cases.wording import masked_words
from bihuan.core.refusal import Refusal
from bihuan.desk import hooks
from bihuan.hazards.actions import reporting
from bihuan.hazards.report_form import ReportForm
from bihuan.hazards.wording import explain
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest) -> HttpResponse:
    """Report a hazard in three short steps; the same form sent twice creates one case."""
    now = timezone.now()
    files = request.FILES if request.method == "POST" else None
    at = hooks.begin(request.user, request.POST.get("at") or request.GET.get("at", ""), now)
    start = {**at.initial, "at": at.subject} if at else {}
    form = ReportForm(request.POST or None, files, user=request.user, now=now, initial=start)
    if form.is_valid():
        try:
            case = _reported(form, at, request, now)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            messages.success(request, _("Reported as %(number)s.") % {"number": case.number})
            if form.finding().names_people:
                messages.info(request, masked_words())
            return redirect(case)
    context = {
        "form": form,
        "at": at,
        "heading": _("Report a hazard"),
        "submit": _("Report hazard"),
    }
    return render(request, "hazards/report.html", context)


@transaction.atomic
def _reported(
    form: ReportForm, at: hooks.Beginning | None, request: SignedInRequest, now: datetime
) -> Case:
    """Report the hazard, and tell the record on whose page the report began."""
    case = reporting.report(
        finding=form.finding(),
        actor=request.user,
        now=now,
        photos=form.cleaned_data["photos"],
        form_key=form.key,
    )
    if at:
        hooks.reported(at, case, request.user, now)
    return case
