"""Print or export the cases that were chosen in the ledger."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases.models import Case
from bihuan.desk import dossier, pages, workbook
from bihuan.desk.listing import MOST_NUMBERS, Filters
from bihuan.desk.views.batch import Selection
from bihuan.desk.views.case import sheet_context
from bihuan.orgs.http import SignedInRequest

MOST_SHEETS = 50


@require_safe
def sheets(request: SignedInRequest) -> HttpResponse:
    """Show the sheets of many cases, each on a page of its own."""
    now = timezone.now()
    selection = Selection.of(request, now, MOST_SHEETS)
    if not selection.cases:
        return redirect(selection.back.url)
    open_ones, left_out = _apart(selection.cases)
    context = {
        "sheets": [_sheet(request, case, now) for case in open_ones],
        "left_out": left_out,
        "is_cut": selection.is_cut,
        "most": MOST_SHEETS,
        "back_url": selection.back.url,
        "back_label": selection.back.label,
    }
    return render(request, "desk/sheets.html", context)


def _sheet(request: SignedInRequest, case: Case, now: datetime) -> SafeString:
    found = dossier.case_for(request.user, case.number, now)
    context = {**sheet_context(request, found, now), "sheet_base": "desk/paper_part.html"}
    return render_to_string(pages.of(found).sheet, context, request)


@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    """Open the export with these cases only."""
    now = timezone.now()
    urls = workbook.urls(request.user, localdate(now))
    if "export_url" not in urls:
        raise Http404
    selection = Selection.of(request, now, MOST_NUMBERS)
    open_ones, left_out = _apart(selection.cases)
    numbers = ",".join(case.number for case in open_ones)
    columns = {"export": ",".join(named)} if (named := _columns(request)) else {}
    query = urlencode({"state": "all", "numbers": numbers, **columns}, safe=",")
    export_url = f"{urls['export_url']}?{query}"
    if open_ones and not left_out and not selection.is_cut:
        return redirect(export_url)
    if not selection.cases:
        return redirect(selection.back.url)
    context = {
        "heading": _("Export chosen cases"),
        "left_out": left_out,
        "is_cut": selection.is_cut,
        "count": len(open_ones),
        "export_url": export_url if open_ones else "",
        "back_url": selection.back.url,
        "back_label": selection.back.label,
    }
    return render(request, "desk/batch_export.html", context)


def _apart(cases: list[Case]) -> tuple[list[Case], list[tuple[Case, str]]]:
    """Leave out what only the officers on a need-to-know list may see."""
    why = _("Confidential: only on its own page.")
    open_ones = [case for case in cases if not case.is_confidential]
    return open_ones, [(case, why) for case in cases if case.is_confidential]


def _columns(request: SignedInRequest) -> tuple[str, ...]:
    """Return the columns of the export that the ledger's address names."""
    return Filters.of(dict(parse_qsl(request.GET.get("query", "")))).export
