"""Texts for refused files and capture checks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bihuan import formats
from bihuan.core.capture import PlaceVerdict, TimeVerdict
from bihuan.files.actions import ATTACH
from bihuan.files.models import StoredFile
from bihuan.files.refusals import FileRefused, Reason

_REASONS = {
    Reason.EMPTY: gettext_noop("“%(name)s” is empty. Choose the file again."),
    Reason.TOO_LARGE: gettext_noop("“%(name)s” is too large: at most %(bytes)s."),
    Reason.TOO_MANY_PIXELS: gettext_noop(
        "“%(name)s” has too many pixels: at most %(megapixels)s million. Make it smaller."
    ),
    Reason.WRONG_TYPE: gettext_noop(
        "“%(name)s” is not an accepted file type. Use JPEG, PNG, WebP or HEIC for photos; PDF, "
        "docx, xlsx, odt or ods for documents."
    ),
    Reason.MOVING: gettext_noop("“%(name)s” is an animated image. Send a still photo."),
    Reason.DAMAGED: gettext_noop(
        "“%(name)s” is damaged or incomplete. Open it, save it again and send that copy."
    ),
    Reason.ACTIVE: gettext_noop(
        "“%(name)s” contains macros, scripts or attached files. Save it without them, or print "
        "it to PDF."
    ),
    Reason.LOCKED: gettext_noop(
        "“%(name)s” has a password or restrictions. Send an unprotected copy."
    ),
    Reason.NOT_KEPT: gettext_noop(
        "“%(name)s” could not be saved because the server's disk is full or read-only. Tell the "
        "administrator and try again."
    ),
    Reason.TOO_SLOW: gettext_noop(
        "“%(name)s” takes too long to open. Take the photo again, or make it smaller."
    ),
    Reason.BUSY: gettext_noop(
        "“%(name)s” could not be processed yet because many photos are in progress. Your text is "
        "kept: choose the photo again in a minute."
    ),
}

PLACES = {
    PlaceVerdict.MATCHES: gettext_lazy("Taken at the site"),
    PlaceVerdict.FAR: gettext_lazy("Not taken at the site"),
    PlaceVerdict.NONE: gettext_lazy("No location to compare"),
}
TIMES = {
    TimeVerdict.MATCHES: gettext_lazy("Taken around the stated time"),
    TimeVerdict.OLD: gettext_lazy("Taken well before the stated time"),
    TimeVerdict.FUTURE: gettext_lazy("The camera's clock is ahead"),
    TimeVerdict.NONE: gettext_lazy("No time to compare"),
}

# For the timelines of subjects with attachments.
ACTS = {ATTACH: gettext_lazy("Files attached")}


def explain(refusal: FileRefused) -> str:
    """Explain what is wrong with the file, and what to do about it."""
    return _(_REASONS[refusal.reason]) % {
        "name": refusal.name,
        "bytes": formats.file_size(refusal.limit),
        "megapixels": refusal.limit // 1_000_000,
    }


def capture(stored: StoredFile) -> list[str]:
    """Describe the result of the check of a photo's place and time; None for a document."""
    if stored.kind != StoredFile.Kind.PHOTO:
        return []
    return [
        str(PLACES[PlaceVerdict(stored.capture_place)]),
        str(TIMES[TimeVerdict(stored.capture_time)]),
    ]
