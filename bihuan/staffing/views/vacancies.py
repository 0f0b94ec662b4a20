"""Posts without a holder, and officers with several posts."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan import formats
from bihuan.orgs import naming
from bihuan.orgs.http import SignedInRequest
from bihuan.sheets.writer import Heading, SheetTable, write_tables
from bihuan.staffing import queries
from bihuan.staffing.views.files import crumbs, workbook_response


@require_safe
def vacancies(request: SignedInRequest) -> HttpResponse:
    """List vacant posts with their open work, and officers who hold several posts."""
    now = timezone.now()
    on = localdate(now)
    if not queries.may_administer(request.user, on):
        raise PermissionDenied
    context = {
        "heading": _("Vacancies"),
        "crumbs": crumbs(),
        "vacancies": queries.vacancies(request.user, now),
        "several": queries.several_posts(request.user, on),
    }
    return render(request, "staffing/vacancies.html", context)


@require_safe
def as_workbook(request: SignedInRequest) -> HttpResponseBase:
    """Download the same as a workbook."""
    now = timezone.now()
    on = localdate(now)
    if not queries.may_administer(request.user, on):
        raise PermissionDenied
    out = BytesIO()
    vacant = queries.vacancies(request.user, now)
    write_tables(out, [_vacant(vacant), _several(queries.several_posts(request.user, on))])
    return workbook_response(out, _("Vacancies"), on)


def _vacant(found: list[queries.Vacancy]) -> SheetTable:
    headings = [
        Heading(_("Unit"), 24),
        Heading(_("Post"), 20),
        Heading(_("Vacant since")),
        Heading(_("Next holder")),
        Heading(_("First day")),
        Heading(_("Open work"), 40),
    ]
    rows = [
        (
            naming.name_of(each.post.unit),
            naming.title_of(each.post),
            each.since,
            each.following.member.name if each.following else "",
            each.following.start_date if each.following else None,
            formats.clauses(each.work),
        )
        for each in found
    ]
    return SheetTable(_("Vacant posts"), headings, rows)


def _several(found: list[queries.SeveralPosts]) -> SheetTable:
    headings = [
        Heading(_("Officer")),
        Heading(_("User name")),
        Heading(_("Post"), 32),
        Heading(_("Remark"), 32),
    ]
    remark = _("Handles and verifies in the same place")
    rows = [
        (
            each.member.name,
            each.member.username,
            naming.seat_of(tenure.post),
            remark if each.checks_own else "",
        )
        for each in found
        for tenure in each.tenures
    ]
    return SheetTable(_("Officers with several posts"), headings, rows)
