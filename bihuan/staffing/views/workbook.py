"""The organisation as a workbook: download, dry run with its differences, confirmation."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.orgs.http import SignedInRequest
from bihuan.sheets.refusals import SheetRefused
from bihuan.sheets.wording import explain
from bihuan.staffing import carrying, comparing, exported, importing, queries
from bihuan.staffing.forms import UploadForm
from bihuan.staffing.reading import Book, read
from bihuan.staffing.views.files import crumbs, workbook_response

# The most rows of a list that only informs; what is to be confirmed is shown whole.
SHOWN = 200


@require_http_methods(["GET", "POST"])
def workbook(request: SignedInRequest) -> HttpResponse:
    """Offer the download, and show what an uploaded workbook would change."""
    now = _now_of_administrator(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            book = _read(form.cleaned_data["file"])
        except SheetRefused as refusal:
            form.add_error("file", explain(refusal))
        else:
            return _compared(request, book, now)
    heading = _("Organisation as a workbook")
    context = {"form": form, "heading": heading, "crumbs": crumbs()}
    return render(request, "staffing/workbook.html", context)


@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    """Download the organisation."""
    on = localdate(_now_of_administrator(request))
    out = BytesIO()
    exported.write(out, request.user, on)
    return workbook_response(out, _("Organisation"), on)


@never_cache
@require_POST
def confirm(request: SignedInRequest) -> HttpResponse:
    """Import the workbook whose differences were shown, once."""
    now = _now_of_administrator(request)
    carried = carrying.unpacked(request.POST.get("workbook", ""), request.user)
    if carried is None:
        messages.error(request, _("This took too long or was changed. Upload the workbook again."))
        return redirect("staffing:workbook")
    outcome = importing.carry_out(carried, request.user, now)
    if outcome is not None and outcome.refused:
        return _compared(request, carried.book, now)
    if outcome is None:
        messages.info(request, _("This workbook was imported already; nothing was changed again."))
    return redirect("staffing:imported", carried.number)


@never_cache
@require_safe
def imported(request: SignedInRequest, number: str) -> HttpResponse:
    """Show what an import added, with links, and the temporary passwords of new officers."""
    context = _imported(request, number)
    context |= {"crumbs": [*crumbs(), (_("Workbook"), reverse("staffing:workbook"))]}
    return render(request, "staffing/imported.html", context)


@never_cache
@require_safe
def slips(request: SignedInRequest, number: str) -> HttpResponse:
    """Print the temporary passwords, a slip for each officer."""
    return render(request, "staffing/slips.html", _imported(request, number))


def _imported(request: SignedInRequest, number: str) -> dict[str, object]:
    found = importing.imported(number, request.user, _now_of_administrator(request))
    if found is None:
        raise Http404
    site = request.build_absolute_uri("/")
    return {"found": found, "heading": _("Workbook imported"), "number": number, "site": site}


def _compared(request: SignedInRequest, book: Book, now: datetime) -> HttpResponse:
    found = comparing.compare(book, request.user, now)
    context = {
        "heading": _("What the workbook changes"),
        "crumbs": [*crumbs(), (_("Workbook"), reverse("staffing:workbook"))],
        "found": found,
        "problems": found.problems[:SHOWN],
        "missing": found.missing[:SHOWN],
        "shown": SHOWN,
        "workbook": carrying.packed(book, request.user) if found.is_importable else "",
    }
    return render(request, "staffing/differences.html", context)


def _read(file: UploadedFile[bytes]) -> Book:
    """Read the upload from a file of its own, as the parser is a separate process."""
    suffix = Path(file.name or "").suffix.lower()[:8]
    with NamedTemporaryFile(suffix=suffix if suffix.isascii() else "") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return read(Path(copy.name))


def _now_of_administrator(request: SignedInRequest) -> datetime:
    now = timezone.now()
    if not queries.may_administer(request.user, localdate(now)):
        raise PermissionDenied
    return now
