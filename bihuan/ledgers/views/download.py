"""Sending a workbook to be saved."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from django.http import FileResponse, Http404

from bihuan.files.names import safe_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: Path | IO[bytes], name: str) -> FileResponse:
    """The workbook as a download of this name; one that is gone is not found."""
    try:
        opened = content.open("rb") if isinstance(content, Path) else content
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=safe_name(name, "xlsx"), content_type=XLSX
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
