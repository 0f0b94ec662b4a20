"""Which photos of the public are processed: counted before any of them is decoded.

Processing one takes a process about a second. Photos that are not admitted are left out, and the
form continues with everything that was typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from bihuan.core.refusal import Refusal
from bihuan.files.media import photo_type
from bihuan.portal import drafts, guard
from bihuan.portal.guard import Tried
from bihuan.portal.queries.track import Holder
from bihuan.receipts.actions import room

# Nine photos from phones, with a margin.
MOST_BYTES = 100 * 1024 * 1024
_ENOUGH_TO_RECOGNISE = 8192

Files: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"


class TooMuchAtOnce(Refusal):
    """One form has more bytes than nine photos."""


class DraftsFull(Refusal):
    """There is no space for photos of drafts."""


def admitted(request: HttpRequest, now: datetime, who: Holder | None = None) -> Files:
    """Return the files of a form; raise a `Refusal` with the reason if none of them is
    processed.
    """
    files: Files = request.FILES
    came = [file for name in files for file in files.getlist(name)]
    if not came:
        return files
    if sum(file.size or 0 for file in came) > MOST_BYTES:
        raise TooMuchAtOnce
    if who is None and not drafts.has_room():
        raise DraftsFull
    if who is not None:
        room.require_room(who.case, who.slot, len(came), now)
    # More than nine are refused unprocessed, so they cost nothing.
    for _ in came[: drafts.MOST]:
        guard.admit(Tried.PHOTO, request, now)
    for file in came[: drafts.MOST]:
        if not _is_photo(file):
            guard.admit(Tried.DOCUMENT, request, now)
    return files


def _is_photo(file: UploadedFile[Any]) -> bool:
    file.seek(0)
    start = file.read(_ENOUGH_TO_RECOGNISE)
    file.seek(0)
    return photo_type(start) is not None
