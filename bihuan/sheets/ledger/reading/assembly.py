"""Combine the cells of one row into one matter of a ledger."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bihuan.core.masking import masked
from bihuan.sheets import values
from bihuan.sheets.dates import Term
from bihuan.sheets.ledger.reading.faults import Fault, RowRefused
from bihuan.sheets.ledger.reading.notes import Note, NoteKind
from bihuan.sheets.refusals import CellRefused

if TYPE_CHECKING:
    from bihuan.sheets.ledger.types import LedgerType

TITLE_FROM_DESCRIPTION = 60
# How the remark introduces what it keeps: words of the cell, or a note on it.
_KEPT = {NoteKind.IN_REMARK: "：", NoteKind.CELL_NOTE: "批注："}


@dataclass(frozen=True)
class FileFacts:
    """What applies to all rows of a file: its unit, its headers, and its time zone."""

    top: int
    titles: Map[str, str]
    zone: ZoneInfo
    from_zone: ZoneInfo


class Assembly(ABC):
    """Builds rows from parsed cells, for the unit of the ledger.

    A type of ledger implements `row`; the methods here are shared steps, each of which changes the
    values so far.
    """

    def __init__(self, ledger: LedgerType[Any], file: FileFacts) -> None:
        self.ledger, self.file = ledger, file
        self.without_place_on_map = 0

    @abstractmethod
    def row(self, row_values: dict[str, Any], notes: list[Note]) -> Any:
        """Return the row with these values; notes on the processing are added."""

    def set_units(self, row_values: dict[str, Any], notes: list[Note]) -> None:
        """Set `owner` and `origin`; to the unit of the ledger if none is named."""
        row_values["origin"] = row_values.get("origin") or self.file.top
        owner = row_values.pop("unit", None)
        if owner is None:
            notes.append(Note(NoteKind.NO_UNIT, "unit"))
        row_values["owner"] = owner or row_values["origin"]

    def set_remark(self, row_values: dict[str, Any], notes: list[Note]) -> None:
        """Append what the remark keeps of other cells to its own text."""
        known = self.ledger.vocabulary.by_name
        if not notes or "remark" not in known:
            return
        stored = [
            f"{self.file.titles.get(note.field) or known[note.field].title}{_KEPT[note.kind]}"
            f"{masked(note.shown).text}"
            for note in notes
            if note.kind in _KEPT
        ]
        if stored:
            remark = "；".join(filter(None, (row_values.get("remark", ""), *stored)))
            try:
                row_values["remark"] = values.text(remark, most=known["remark"].most)
            except CellRefused as refusal:
                raise RowRefused([Fault(refusal, "remark")]) from None

    def set_number(self, row_values: dict[str, Any]) -> None:
        """A number of another series is the office's own, not ours."""
        number = row_values.get("number")
        if number and not self.ledger.is_own_number(number):
            del row_values["number"]
            row_values["source_ref"] = row_values.get("source_ref") or number

    def set_deadline(self, row_values: dict[str, Any], began: date) -> None:
        """Set the day, and the time if given; what is due at once is due when it began."""
        deadline = row_values.pop("deadline", None)
        if deadline is Term.AT_ONCE:
            row_values["deadline_date"] = began
        elif isinstance(deadline, datetime):
            if deadline.time() == time() and self.file.from_zone is self.file.zone:
                row_values["deadline_date"] = deadline.date()
                return
            if deadline.time() == time():
                deadline = deadline.replace(hour=23, minute=59, second=59)
            given = self.local(deadline)
            row_values["deadline_date"], row_values["deadline_time"] = given.date(), given.time()

    def set_words(self, row_values: dict[str, Any]) -> None:
        """Use the first words of the description if a row has no title."""
        row_values.setdefault("place", "")
        description = row_values.get("description", "")
        if not row_values.setdefault("title", "") and description:
            row_values["title"] = _first_words(description)
            if row_values["title"] == description:
                row_values["description"] = ""

    def local(self, at: datetime) -> datetime:
        """Return the local instant; a day without a time begins where the file was written."""
        if at.tzinfo is None:
            at = at.replace(tzinfo=self.file.from_zone)
        return at if at.tzinfo is self.file.zone else at.astimezone(self.file.zone)


def _first_words(description: str) -> str:
    """Return the first sentence, or as much of it as fits a title."""
    first = description.replace("\n", " ")
    for mark in "。；;，,":
        head = first.split(mark, 1)[0].strip()
        if 6 <= len(head) <= TITLE_FROM_DESCRIPTION:
            return head
    return first if len(first) <= TITLE_FROM_DESCRIPTION else first[:TITLE_FROM_DESCRIPTION]
