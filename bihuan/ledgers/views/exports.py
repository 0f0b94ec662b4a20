"""The ledger as a workbook: the selection of the page, with every column."""

from __future__ import annotations

from datetime import timedelta
from tempfile import TemporaryFile
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.desk.listing import Filters
from bihuan.desk.views.ledger import parameters_in
from bihuan.files.views import workbook
from bihuan.ledgers import export_columns
from bihuan.ledgers.actions import exporting, jobs
from bihuan.ledgers.models import ExportJob
from bihuan.ledgers.views import waiting
from bihuan.orgs.http import SignedInRequest
from bihuan.web.cookies import let_keep


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: SignedInRequest) -> HttpResponseBase:
    """Export a short ledger at once; a long one is prepared by the worker."""
    now, filters = timezone.now(), parameters_in(request)
    if request.method == "POST":
        job = jobs.order_export(
            filters=filters, actor=request.user, language=get_language() or "", now=now
        )
        return redirect("ledgers:export-job", job.pk)
    if exporting.is_long(filters, request.user, now):
        context = {
            "heading": _("Export the ledger"),
            "query": urlencode(filters),
            "most": exporting.AT_ONCE,
            **_back(filters),
        }
        return render(request, "ledgers/export.html", context)
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    exporting.hand_out(out, filters=filters, actor=request.user, now=now)
    out.seek(0)
    return workbook(out, _("ledger %(day)s") % {"day": localdate(now).isoformat()})


@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the progress of an export, and its download."""
    found = get_object_or_404(ExportJob, pk=pk, member=request.user)
    context = {"job": found, "heading": _("Export"), "days": jobs.KEPT.days, **_back(found.asked)}
    if found.is_under_way:
        return waiting.under_way(request, found, context)
    return waiting.over(request, "ledgers/exported.html", context)


@require_safe
def file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Download the prepared workbook."""
    found = get_object_or_404(ExportJob, pk=pk, member=request.user)
    if found.state != ExportJob.State.DONE:
        raise Http404
    day = localdate(found.created_at).isoformat()
    return workbook(jobs.ledger_of(found), _("ledger %(day)s") % {"day": day})


# The columns that the officer chose last, on this device.
LAST_CHOICE, FOLDER, LAST_FOR = "bihuan_export", "/desk/cases/export/", timedelta(days=365)


@require_safe
def columns(request: SignedInRequest) -> HttpResponse:
    """Choose the columns of the workbook and their order; the address of the ledger keeps them, and
    so does a saved view.
    """
    filters = parameters_in(request)
    asked = {name: value for name, value in filters.items() if name != "export"}
    usual = export_columns.sheets(asked)
    last = request.COOKIES.get(LAST_CHOICE, "")
    go, ticked = request.GET.get("go"), request.GET.get("tick", "")
    chosen = export_columns.ordered(request.GET, usual)
    if go and chosen:
        if chosen != [each.name for sheet in usual for each in sheet.columns]:
            asked["export"] = last = ",".join(chosen)
        url = reverse("ledgers:export" if go == "export" else "desk:ledger")
        answer = redirect(f"{url}?{urlencode(asked, safe=',')}")
        return let_keep(answer, LAST_CHOICE, last, path=FOLDER, lasts=LAST_FOR) if last else answer
    if ticked == "last":
        filters = {**asked, "export": last}
    elif ticked == export_columns.FOUR_LISTS:
        filters = {**asked, "export": export_columns.four_lists()}
    back = _back(filters)
    context = {
        "heading": _("Export columns"),
        "sheets": export_columns.sheets(filters, export_columns.NONE if go else ticked),
        "kept": [*asked.items()],
        "is_empty": bool(go),
        "query": urlencode(asked),
        "last": len(Filters.of({"export": last}).export),
        "crumbs": [(back["back_label"], back["back_url"])],
        **back,
    }
    return render(request, "ledgers/export_columns.html", context)


def _back(filters: dict[str, str]) -> dict[str, str]:
    url = reverse("desk:ledger")
    return {
        "back_url": f"{url}?{urlencode(filters)}" if filters else url,
        "back_label": _("Ledger"),
    }
