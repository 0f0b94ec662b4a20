"""Responses with a stored file, for apps that have already checked access; and attachments."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.core.refusal import NotAllowed
from bihuan.files import actions, disk, wording
from bihuan.files.fields import is_busy
from bihuan.files.forms import AttachForm
from bihuan.files.media import MediaType, neutral_name
from bihuan.files.models import Attachment, StoredFile
from bihuan.files.names import safe_name
from bihuan.files.refusals import FileRefused
from bihuan.files.turning import turned
from bihuan.orgs.http import SignedInRequest
from bihuan.web import subjects


# ------------------------------------------------------------------- attachments
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def attach(request: SignedInRequest, kind: str, key: str) -> HttpResponse:
    """Attach photos or documents to a subject."""
    now, subject = timezone.now(), f"{kind}/{key}"
    if not subjects.may_attach(request.user, subject, now):
        raise Http404
    is_sent = request.method == "POST"
    form = AttachForm(*((request.POST, request.FILES) if is_sent else ()))
    if form.is_valid():
        try:
            actions.attach(
                subject=subject,
                actor=request.user,
                now=now,
                form_key=form.mark(subject, str(request.user.pk)),
                **form.arguments(),
            )
        except FileRefused as refusal:
            form.add_error("uploads", wording.explain(refusal))
        except NotAllowed as refusal:
            raise Http404 from refusal
        else:
            messages.success(request, _("Files attached"))
            return redirect(subjects.url(subject))
    context = {"form": form, "heading": _("Attach files"), "submit": _("Attach files")}
    status = 503 if is_busy(form) else 200
    return render(request, "web/form_page.html", {**context, **_back_to(subject)}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def attachment(request: SignedInRequest, pk: int) -> HttpResponse | FileResponse:
    """Send an attachment to an officer who may see its subject."""
    rows = Attachment.objects.select_related("file", "added_by")
    row = get_object_or_404(rows, pk=pk)
    if not subjects.may_see(request.user, row.subject, timezone.now()):
        raise Http404
    return send(request, row.file, {"row": row, **_back_to(row.subject)})


def _back_to(subject: str) -> dict[str, str]:
    url = subjects.url(subject)
    return {"cancel_url": url, "back_url": url, "back_label": subjects.name(subject)}


# ------------------------------------------------------------------------- files
def send(
    request: SignedInRequest,
    stored: StoredFile,
    context: Mapping[str, object],
    *,
    name: str = "",
    turns: int = 0,
) -> HttpResponse | FileResponse:
    """Send a photo to look at; a document after a warning, and only as a download.

    Whether a document loads or runs something when it is opened cannot be determined here. The
    context of the warning has the row of the file as `row`, and `cancel_url`.
    """
    if stored.kind == StoredFile.Kind.DOCUMENT and request.method != "POST":
        given = {"heading": _("Save a document"), **context}
        return render(request, "files/document.html", given)
    return serve(
        stored,
        thumbnail=request.GET.get("size") == "small",
        download=request.GET.get("save") == "1",
        name=name,
        turns=turns,
    )


def serve_neutrally(
    stored: StoredFile, number: int, *, thumbnail: bool = False, turns: int = 0
) -> FileResponse:
    """Respond to the public under a neutral name, whatever the file was called."""
    name = neutral_name(stored.media_type, number)
    return serve(stored, thumbnail=thumbnail, name=name, turns=turns)


def serve(
    stored: StoredFile,
    *,
    thumbnail: bool = False,
    download: bool = False,
    name: str = "",
    turns: int = 0,
) -> FileResponse:
    """Respond with the bytes, as a picture to show (photos) or as a download.

    A picture to show is turned to the right by quarters. A download is the evidence as it was
    received.
    """
    is_photo = stored.kind == StoredFile.Kind.PHOTO
    if thumbnail and not is_photo:
        raise Http404
    turns = turns if is_photo and not download else 0
    small = _small(stored, turns) if thumbnail else ""
    try:
        opened: IO[bytes] = disk.place(small or stored.path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if turns and not small:
        with opened:
            opened = BytesIO(turned(opened.read(), stored.media_type, turns))
    response = FileResponse(
        opened,
        as_attachment=download or not is_photo,
        filename=name or stored.name,
        content_type=MediaType.WEBP.value if small else stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _small(stored: StoredFile, turns: int) -> str:
    """Return the path of the thumbnail as it is turned; empty if there is only the whole photo."""
    return actions.turned_thumbnail(stored=stored, turns=turns) if turns else stored.thumbnail_path


def workbook(content: Path | IO[bytes], name: str) -> FileResponse:
    """Return the workbook as a download with this name; 404 if it no longer exists."""
    try:
        opened = content.open("rb") if isinstance(content, Path) else content
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=safe_name(name, "xlsx"),
        content_type=MediaType.XLSX.value,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
