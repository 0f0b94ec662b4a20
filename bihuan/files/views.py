"""Responses with a stored file; the calling app has already checked access."""

from __future__ import annotations

from django.http import FileResponse, Http404

from bihuan.files import disk
from bihuan.files.media import MediaType, neutral_name
from bihuan.files.models import StoredFile


def serve_neutrally(stored: StoredFile, number: int, *, thumbnail: bool = False) -> FileResponse:
    """Respond to the public under a neutral name, whatever the file was called."""
    return serve(stored, thumbnail=thumbnail, name=neutral_name(stored.media_type, number))


def serve(
    stored: StoredFile, *, thumbnail: bool = False, download: bool = False, name: str = ""
) -> FileResponse:
    """Respond with the bytes, as a picture to show (photos) or as a download."""
    is_photo = stored.kind == StoredFile.Kind.PHOTO
    if thumbnail and not is_photo:
        raise Http404
    try:
        opened = disk.place(stored.thumbnail_path if thumbnail else stored.path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened,
        as_attachment=download or not is_photo,
        filename=name or stored.name,
        content_type=MediaType.WEBP.value if thumbnail else stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
