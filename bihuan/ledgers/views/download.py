"""Send a workbook as a download."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from django.http import FileResponse, Http404

from bihuan.files.names import safe_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: Path | IO[bytes], name: str) -> FileResponse:
    """Return the workbook as a download with this name; 404 if it no longer exists."""
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
