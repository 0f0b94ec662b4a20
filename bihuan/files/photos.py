"""Photos, re-encoded from their pixels: upright, limited in size, without metadata.

Each is decoded in a separate process with limits on memory and time, one at a time: a malicious
file can crash that process and nothing else (docs/decisions/0034).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from threading import BoundedSemaphore, Lock
from typing import Any

from django.conf import settings

from bihuan.confined import outside
from bihuan.confined.outside import Ended
from bihuan.core.capture import Capture
from bihuan.core.places import Point
from bihuan.files import headers
from bihuan.files.headers import Header, Unreadable
from bihuan.files.media import MediaType
from bihuan.files.refusals import FileRefused, Reason

CHILD = "bihuan.files.developing"
MEBIBYTE = 1024 * 1024
# Memory that a picture may take until it is shrunk, and that its process may take in all.
WORKING_BYTES = 480 * MEBIBYTE
MEMORY_BYTES = 768 * MEBIBYTE
# Limits on processor time, and on the wait for an answer on a busy machine.
SECONDS, WAITED = 20, 60
# How long one photo waits for those before it, and how many may wait at once: a server process has
# four threads, and one of them must stay free for pages without a photo.
QUEUED, AT_ONCE = 8, 3
MOST_ANSWERED = 64 * MEBIBYTE
# A progressive JPEG has about ten scans; thousands of tiny ones occupy a decoder for minutes.
MOST_SCANS = 100
_START_OF_SCAN = b"\xff\xda"

# One at a time in each server process, and how many may wait for it or hold it.
_turn, _room = Lock(), BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Photo:
    """A photo as it will be stored, with its metadata."""

    data: bytes
    media_type: MediaType
    width: int
    height: int
    thumbnail: bytes
    perceptual_hash: int | None
    capture: Capture


def develop(data: bytes, media_type: MediaType, *, name: str, turns: int = 0) -> Photo:
    """Return the stored form of a photo, turned to the right by quarters; raise `FileRefused` if
    it is not accepted.
    """
    try:
        header = headers.read(data, media_type)
    except Unreadable as error:
        raise FileRefused(Reason.DAMAGED, name=name) from error
    most = _most_pixels(header)
    _require_bearable(header, data, most, name)
    with _in_turn(name):
        answer = _answer(data, media_type, most, name, turns)
    return _photo(answer, most, name)


def _most_pixels(header: Header) -> int:
    return min(settings.PHOTO_MAX_PIXELS, WORKING_BYTES // header.bytes_per_pixel)


def _require_bearable(header: Header, data: bytes, most: int, name: str) -> None:
    """Refuse a photo by its first bytes if they suffice, before any decoder reads it."""
    if header.pixels > most:
        raise FileRefused(Reason.TOO_MANY_PIXELS, name=name, limit=most)
    if header.moves:
        raise FileRefused(Reason.MOVING, name=name)
    if header.bytes_per_pixel == headers.PROGRESSIVE and data.count(_START_OF_SCAN) > MOST_SCANS:
        raise FileRefused(Reason.DAMAGED, name=name)


@contextmanager
def _in_turn(name: str) -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise FileRefused(Reason.BUSY, name=name)
    try:
        if not _turn.acquire(timeout=QUEUED):
            raise FileRefused(Reason.BUSY, name=name)
        try:
            yield
        finally:
            _turn.release()
    finally:
        _room.release()


def _answer(data: bytes, media_type: MediaType, most: int, name: str, turns: int) -> bytes:
    """Return the answer of the process; raise `FileRefused` with the reason if there is none."""
    request = {
        "media_type": media_type,
        "pixels": most,
        "turns": turns,
        "zone": settings.TIME_ZONE,
        "memory_bytes": MEMORY_BYTES,
        "seconds": SECONDS,
    }
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        child = outside.start(CHILD, request, file)
    try:
        answer = outside.answer(child, most=MOST_ANSWERED, waited=WAITED)
        if answer:
            return answer
        ended = Ended.TOO_SLOW if answer is None else outside.why(child.wait())
    finally:
        outside.end(child)
    if ended is Ended.TOO_MUCH_MEMORY:
        raise FileRefused(Reason.TOO_MANY_PIXELS, name=name, limit=most)
    raise FileRefused(Reason.TOO_SLOW if ended is Ended.TOO_SLOW else Reason.DAMAGED, name=name)


def _photo(answer: bytes, most: int, name: str) -> Photo:
    """Validate the answer before it is used: a file may have taken over the process."""
    line, _, rest = answer.partition(b"\n")
    try:
        data: dict[str, Any] = json.loads(line)
        if "refused" in data:
            raise FileRefused(Reason(data["refused"]), name=name, limit=most)
        return _told(data, rest)
    except FileRefused:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise FileRefused(Reason.DAMAGED, name=name) from error


def _told(values: dict[str, Any], rest: bytes) -> Photo:
    large, small = (int(size) for size in values["sizes"])
    media_type, taken_at, place = (
        MediaType(values["media_type"]),
        values["taken_at"],
        values["place"],
    )
    if len(rest) != large + small or media_type not in (MediaType.JPEG, MediaType.PNG):
        raise ValueError
    return Photo(
        data=rest[:large],
        media_type=media_type,
        width=int(values["width"]),
        height=int(values["height"]),
        thumbnail=rest[large:],
        perceptual_hash=None if values["fingerprint"] is None else int(values["fingerprint"]),
        capture=Capture(
            datetime.fromisoformat(taken_at) if taken_at else None,
            Point(float(place[0]), float(place[1])) if place else None,
        ),
    )
