"""The quarterly reports of major hazards: signed ones, one to sign, one to print."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.quarters import Quarter
from bihuan.core.refusal import Refusal
from bihuan.hazards import quarterly
from bihuan.hazards.actions import quarterly_reports
from bihuan.hazards.forms.quarterly import SignForm
from bihuan.hazards.models import MajorsReport
from bihuan.hazards.wording import explain
from bihuan.orgs.http import SignedInRequest
from bihuan.web import paging


@require_safe
def register(request: SignedInRequest) -> HttpResponse:
    """List the signed reports, newest first, and those that the officer may sign."""
    now = timezone.now()
    page = paging.requested(request, quarterly.visible_to(request.user, now))
    quarter = quarterly.last_quarter(now)
    context = {
        "rows": page.rows,
        "posts": quarterly.posts_to_sign(request.user, now),
        "quarter": quarter,
        "due": quarterly.due(quarter, now),
        "now": now,
        "back_url": reverse("hazards:majors"),
        "back_label": _("Major hazards"),
        **page.links(),
    }
    return render(request, "hazards/majors_reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedInRequest, post: int, year: int, number: int) -> HttpResponse:
    """Sign the report of a quarter for the unit of one's own post."""
    now = timezone.now()
    found = {each.pk: each for each in quarterly.posts_to_sign(request.user, now)}.get(post)
    try:
        quarter = Quarter(year, number)
    except ValueError as wrong:
        raise Http404 from wrong
    if found is None:
        raise Http404
    editions = MajorsReport.objects.filter(unit=found.unit, year=year, quarter=number)
    form = SignForm(request.POST or None, next_edition=editions.count() + 1)
    if form.is_valid():
        try:
            made = quarterly_reports.sign(
                quarter=quarter, post=found, actor=request.user, now=now, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            messages.success(request, _("Signed."))
            return redirect(made)
    context = {
        "form": form,
        "heading": _("Sign the quarterly report"),
        "submit": _("Sign"),
        "post": found,
        "quarter": quarter,
        "figures": asdict(quarterly.figures(found.unit, quarter)),
        "cancel_url": reverse("hazards:majors-reports"),
        "crumbs": [
            (_("Major hazards"), reverse("hazards:majors")),
            (_("Quarterly reports"), reverse("hazards:majors-reports")),
        ],
    }
    return render(request, "hazards/majors_sign.html", context)


@require_safe
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one signed report as an A4 page."""
    now = timezone.now()
    row = get_object_or_404(quarterly.visible_to(request.user, now), pk=pk)
    same = {"unit": row.unit, "year": row.year, "quarter": row.quarter}
    newer = MajorsReport.objects.filter(**same, edition__gt=row.edition).exists()
    context = {"row": row, "figures": row, "is_corrected": newer, "now": now}
    return render(request, "hazards/papers/majors_report.html", context)
