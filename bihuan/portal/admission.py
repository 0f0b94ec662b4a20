"""Which photos of the public are looked at: counted before any of them is decoded.

Looking one over takes a process for a second. What is not admitted is left out, and the form goes
on with everything that was typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from bihuan.core.refusal import Refusal
from bihuan.portal import drafts, guard
from bihuan.portal.guard import Tried
from bihuan.portal.queries.track import Holder
from bihuan.receipts.actions import room

# Nine photos as telephones make them, with room to spare.
MOST_BYTES = 100 * 1024 * 1024

Files: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"


class TooMuchAtOnce(Refusal):
    """More bytes in one form than nine photos have."""


class DraftsFull(Refusal):
    """There is no room for photos of forms that are not sent yet."""


def admitted(request: HttpRequest, now: datetime, who: Holder | None = None) -> Files:
    """The files of a form, or a `Refusal` that says why none of them is looked at."""
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
    # More than nine are refused unseen, so they cost nothing.
    for _ in came[: drafts.MOST]:
        guard.admit(Tried.PHOTO, request, now)
    return files
