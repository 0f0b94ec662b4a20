"""Puts together what the cells of one row say: one hazard, as a ledger tells it."""

from __future__ import annotations

from collections.abc import Mapping as Map
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.core import places
from bihuan.core.closing import may_stand
from bihuan.core.hazard import Stage
from bihuan.core.masking import masked
from bihuan.hazards.ledger import DEGREE_DIGITS, LedgerRow
from bihuan.ledgers.books import Book
from bihuan.ledgers.fields import MOST
from bihuan.ledgers.reading import words
from bihuan.ledgers.reading.faults import (
    Fault,
    NoDate,
    NotFixedYetVerified,
    RowRefused,
)
from bihuan.ledgers.reading.notes import Note, NoteKind
from bihuan.sheets import values
from bihuan.sheets.dates import Term
from bihuan.sheets.refusals import CellRefused

TITLE_FROM_DESCRIPTION = 60
# How the remark speaks of what it keeps: words of the cell, or a note on it.
_KEPT = {NoteKind.IN_REMARK: "：", NoteKind.CELL_NOTE: "批注："}
_OVER = (Stage.CLOSED, Stage.RECHECKED, Stage.REJECTED)


class Assembly:
    """Makes rows of what was read, for the unit whose ledger it is."""

    def __init__(
        self, top: int, titles: Map[str, str], book: Book, *, zone: ZoneInfo, from_zone: ZoneInfo
    ) -> None:
        self._top, self._titles, self._book = top, titles, book
        # A day on which the fix was done is not yet the day of closing.
        self._ends_the_fix = words.asks_for_the_fix(titles.get("ended_at", ""))
        self._zone, self._from_zone = zone, from_zone
        self.without_place_on_map = 0

    def row(self, said: dict[str, Any], notes: list[Note]) -> Any:
        """The hazard of which so much was said; what was done on the way is added to the notes."""
        self._set_number(said)
        self._set_times(said)
        self._set_end(said, notes)
        self._set_deadline(said)
        self._set_words(said)
        self._set_point(said)
        self._set_units(said, notes)
        self._set_remark(said, notes)
        return LedgerRow(**{name: value for name, value in said.items() if value is not None})

    def _set_units(self, said: dict[str, Any], notes: list[Note]) -> None:
        said["origin"] = said.get("origin") or self._top
        owner = said.pop("unit", None)
        if owner is None:
            notes.append(Note(NoteKind.NO_UNIT, "unit"))
        said["owner"] = owner or said["origin"]

    def _set_remark(self, said: dict[str, Any], notes: list[Note]) -> None:
        if not notes:
            return
        known = self._book.vocabulary.by_name
        kept = [
            f"{self._titles.get(note.field) or known[note.field].title}{_KEPT[note.kind]}"
            f"{masked(note.shown).text}"
            for note in notes
            if note.kind in _KEPT
        ]
        if kept:
            remark = "；".join(filter(None, (said.get("remark", ""), *kept)))
            try:
                said["remark"] = values.text(remark, most=MOST["remark"])
            except CellRefused as refusal:
                raise RowRefused([Fault(refusal, "remark")]) from None

    def _set_number(self, said: dict[str, Any]) -> None:
        """A number of another series is what the office calls it, not what we do."""
        number = said.get("number")
        if number and not self._book.own_number.fullmatch(number):
            del said["number"]
            said["source_ref"] = said.get("source_ref") or number

    def _set_times(self, said: dict[str, Any]) -> None:
        found, reported = said.get("found_date"), said.get("reported_at")
        if not isinstance(found, date):
            found = reported.date() if isinstance(reported, datetime) else None
        if found is None:
            raise RowRefused([Fault(NoDate(), "found_date")])
        if not isinstance(reported, datetime):
            reported = datetime.combine(found, time())
        said["found_date"], said["reported_at"] = found, self._local(reported)
        verified = said.get("verified_date")
        said["verified_date"] = verified if isinstance(verified, date) else None

    def _set_end(self, said: dict[str, Any], notes: list[Note]) -> None:
        verified = said["verified_date"]
        closing, stage = said.get("closed"), said.get("stage")
        if closing is not None:
            if not may_stand(closing, verified=bool(verified and said.get("verifier_name"))):
                both = (Fault(NotFixedYetVerified(), name) for name in ("closed", "verifier_name"))
                raise RowRefused(list(both))
            said["closed"] = closing.is_closed
        ended = said.pop("ended_at", None)
        if not isinstance(ended, datetime):
            ended = None
        over = said.get("closed") or stage in _OVER
        if self._ends_the_fix and ended and (verified or not over):
            notes.append(Note(NoteKind.IN_REMARK, "ended_at", f"{ended:%Y-%m-%d}"))
            ended = None
        elif closing is None and stage is None and ended:
            said["closed"] = over = True
        if over and ended is None and verified:
            ended = datetime.combine(verified, time())
        said["ended_at"] = self._local(ended) if ended else None

    def _set_deadline(self, said: dict[str, Any]) -> None:
        deadline = said.pop("deadline", None)
        if deadline is Term.AT_ONCE:
            said["deadline_date"] = said["found_date"]
        elif isinstance(deadline, datetime):
            if deadline.time() == time() and self._from_zone is self._zone:
                said["deadline_date"] = deadline.date()
                return
            if deadline.time() == time():
                deadline = deadline.replace(hour=23, minute=59, second=59)
            given = self._local(deadline)
            said["deadline_date"], said["deadline_time"] = given.date(), given.time()

    def _set_words(self, said: dict[str, Any]) -> None:
        said.setdefault("place", "")
        description = said.get("description", "")
        if not said.setdefault("title", "") and description:
            said["title"] = _first_words(description)
            if said["title"] == description:
                said["description"] = ""

    def _set_point(self, said: dict[str, Any]) -> None:
        """Coordinates that were rounded away or lie nowhere are worth less than none."""
        latitude, longitude = said.pop("latitude", None), said.pop("longitude", None)
        if latitude is None or longitude is None:
            self.without_place_on_map += 1
            return
        on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
        if not on_earth or places.is_rounded(latitude, longitude):
            self.without_place_on_map += 1
            return
        said["latitude"] = round(latitude, DEGREE_DIGITS)
        said["longitude"] = round(longitude, DEGREE_DIGITS)

    def _local(self, at: datetime) -> datetime:
        """The moment on the district's wall clock; a bare day begins where the file was written."""
        if at.tzinfo is None:
            at = at.replace(tzinfo=self._from_zone)
        return at if at.tzinfo is self._zone else at.astimezone(self._zone)


def _first_words(description: str) -> str:
    """The first sentence, or as much of it as makes a title."""
    first = description.replace("\n", " ")
    for mark in "。；;，,":
        head = first.split(mark, 1)[0].strip()
        if 6 <= len(head) <= TITLE_FROM_DESCRIPTION:
            return head
    return first if len(first) <= TITLE_FROM_DESCRIPTION else first[:TITLE_FROM_DESCRIPTION]
