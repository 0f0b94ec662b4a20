"""Diagnosis of a broken chain: infer from its rows what was changed."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as also
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bihuan.core.chain import START, canonical, link

# Errors while encoding a row: SQLite can store text where a number belongs.
UNREADABLE = (TypeError, ValueError, AttributeError, OverflowError, struct.error)
FINDINGS = 100  # limits the report; a million rewritten rows are evident by then
# How far from its position an entry is searched for before it counts as edited.
REACH = 100


class Break(StrEnum):
    """The ways in which the journal can have been tampered with."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    HEAD = "head"
    STRAY = "stray"
    ROOT = "root"
    VALUES = "values"
    COUNT = "count"
    TIME = "time"
    GUARD = "guard"
    OUTSIDE = "outside"
    STATE = "state"
    UNTOLD = "untold"


@dataclass(frozen=True)
class Finding:
    """One break: its location and, if it can be determined, the changed field."""

    kind: Break
    subject: str = ""
    seq: int | None = None
    last: int | None = None  # number of consecutive removed entries
    field: str = ""
    day: date | None = None
    # For a root: the end of the period that it covers.
    until_at: datetime | None = also(default=None, compare=False)
    # Further information for the investigation.
    hint: str = also(default="", compare=False)


class EntryRow(NamedTuple):
    """An entry as it was read, with instants in microseconds."""

    seq: int
    at: int
    actor: int | None
    act: str
    note: str
    detail: str
    before: bytes
    after: bytes
    previous: bytes
    hash: bytes

    def hashed(self, subject: str, *, seq: int, previous: bytes) -> bytes | None:
        """Return the hash that the row should have at that position; None if it cannot be
        encoded.
        """
        try:
            return link(previous, canonical(subject, seq, *self[1:8]))
        except UNREADABLE:
            return None


class _Placed(NamedTuple):
    """A row and the position for which its hash was calculated, as far as the hash is valid at
    all.
    """

    place: int
    sound: bool
    row: EntryRow


def diagnose(subject: str, length: int, head: bytes, rows: Sequence[EntryRow]) -> list[Finding]:
    """Name what was edited, removed, inserted or reordered in a chain; returns at least one
    finding.
    """
    placed = sorted((_place(subject, row) for row in rows), key=lambda one: one.place)
    if _renamed(placed, length, head):
        return [Finding(Break.EDITED, subject, field="subject")]
    inserted = set(_inserted(placed, length, head))
    kept = [one for one in placed if one.row.seq not in inserted]
    findings = [Finding(Break.INSERTED, subject, seq) for seq in sorted(inserted)]
    findings += _edited(subject, kept, head)
    findings += _removed(subject, kept, length, head)
    renumbered = any(finding.kind in (Break.INSERTED, Break.REMOVED) for finding in findings)
    findings += _reordered(subject, kept, renumbered=renumbered)
    findings += _head(subject, kept, length, head) if not findings else []
    return sorted(findings, key=lambda finding: finding.seq or 0)


def _place(subject: str, row: EntryRow) -> _Placed:
    if not isinstance(row.seq, int):
        return _Placed(0, False, row)
    nearby = range(max(1, row.seq - REACH), row.seq + REACH + 1)
    for place in (row.seq, *nearby):
        if row.hashed(subject, seq=place, previous=row.previous) == row.hash:
            return _Placed(place, True, row)
    return _Placed(row.seq, False, row)


def _linked(placed: Sequence[_Placed]) -> Iterator[tuple[_Placed, bytes]]:
    """Pair each row with the hash of the one before it."""
    hashes = [START, *(one.row.hash for one in placed)]
    return zip(placed, hashes, strict=False)


def _renamed(placed: Sequence[_Placed], length: int, head: bytes) -> bool:
    """No hash is valid but every link is: the chain's name, which all hashes include, was
    changed.
    """
    return (
        len(placed) == length > 1
        and placed[-1].row.hash == head
        and not any(one.sound for one in placed)
        and all(one.row.previous == before for one, before in _linked(placed))
    )


def _inserted(placed: Sequence[_Placed], length: int, head: bytes) -> Iterator[int]:
    """Return rows that the next row, or the chain's head, skips."""
    hashes = [START, *(one.row.hash for one in placed)]
    for number, one in enumerate(placed[:-1], start=1):
        if placed[number].row.previous == hashes[number - 1] != hashes[number]:
            yield one.row.seq
    if len(placed) > length and hashes[length] == head:
        yield from (one.row.seq for one in placed[length:])


def _edited(subject: str, kept: Sequence[_Placed], head: bytes) -> Iterator[Finding]:
    following = [*(one.row.previous for one in kept[1:]), head]
    for (one, before), after in zip(_linked(kept), following, strict=False):
        if not one.sound:
            field = _touched(subject, one, before, after)
            yield Finding(Break.EDITED, subject, one.row.seq, field=field)
    # A row whose own hash was recalculated no longer matches the next row's link.
    if kept and kept[0].place == 1 and kept[0].sound and kept[0].row.previous != START:
        yield Finding(Break.EDITED, subject, kept[0].row.seq, field="previous")
    for one, next_ in pairwise(kept):
        adjoining = next_.place == one.place + 1 and one.sound and next_.sound
        if adjoining and next_.row.previous != one.row.hash:
            yield Finding(Break.EDITED, subject, one.row.seq, field="content, hash")


def _touched(subject: str, one: _Placed, before: bytes, after: bytes) -> str:
    row = one.row
    if row.hashed(subject, seq=one.place, previous=before) == row.hash:
        return "previous"
    made = row.hashed(subject, seq=one.place, previous=row.previous)
    return "hash" if made is not None and made == after else "content"


def _removed(subject: str, kept: Sequence[_Placed], length: int, head: bytes) -> Iterator[Finding]:
    expected = 1
    for one in kept:
        if one.place > expected:
            yield Finding(Break.REMOVED, subject, expected, one.place - 1)
        expected = max(expected, one.place + 1)
    if expected <= length and (not kept or kept[-1].row.hash != head):
        yield Finding(Break.REMOVED, subject, expected, length)


def _reordered(subject: str, kept: Sequence[_Placed], *, renumbered: bool) -> Iterator[Finding]:
    """Return rows out of position, unless all moved to hide a removal or insertion."""
    now = [one.row.seq for one in kept]
    if not renumbered or now != sorted(now):
        for one in kept:
            if one.place != one.row.seq:
                yield Finding(Break.REORDERED, subject, one.row.seq, field="seq")


def _head(subject: str, kept: Sequence[_Placed], length: int, head: bytes) -> Iterator[Finding]:
    touched = []
    if length != len(kept):
        touched.append("length")
    if head != (kept[-1].row.hash if kept else START):
        touched.append("head")
    yield Finding(Break.HEAD, subject, field=", ".join(touched))
