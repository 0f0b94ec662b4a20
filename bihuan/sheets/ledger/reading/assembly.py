"""Puts together what the cells of one row say: one matter, as a ledger tells it."""

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
# How the remark speaks of what it keeps: words of the cell, or a note on it.
_KEPT = {NoteKind.IN_REMARK: "：", NoteKind.CELL_NOTE: "批注："}


@dataclass(frozen=True)
class FileFacts:
    """What holds for all rows of a file: whose ledger it is, its titles, and its time zone."""

    top: int
    titles: Map[str, str]
    zone: ZoneInfo
    from_zone: ZoneInfo


class Assembly(ABC):
    """Makes rows of what was read, for the unit whose ledger it is.

    A type of ledger says in `row` what makes a row of its own; the steps that ledgers share are
    methods here, each of which changes what was said so far.
    """

    def __init__(self, ledger: LedgerType[Any], file: FileFacts) -> None:
        self.ledger, self.file = ledger, file
        self.without_place_on_map = 0

    @abstractmethod
    def row(self, said: dict[str, Any], notes: list[Note]) -> Any:
        """The row of which so much was said; what was done on the way is added to the notes."""

    def set_units(self, said: dict[str, Any], notes: list[Note]) -> None:
        """Whose it is: `owner` and `origin`; the unit of the ledger where none is named."""
        said["origin"] = said.get("origin") or self.file.top
        owner = said.pop("unit", None)
        if owner is None:
            notes.append(Note(NoteKind.NO_UNIT, "unit"))
        said["owner"] = owner or said["origin"]

    def set_remark(self, said: dict[str, Any], notes: list[Note]) -> None:
        """What the remark keeps of other cells, behind what it says itself."""
        known = self.ledger.vocabulary.by_name
        if not notes or "remark" not in known:
            return
        kept = [
            f"{self.file.titles.get(note.field) or known[note.field].title}{_KEPT[note.kind]}"
            f"{masked(note.shown).text}"
            for note in notes
            if note.kind in _KEPT
        ]
        if kept:
            remark = "；".join(filter(None, (said.get("remark", ""), *kept)))
            try:
                said["remark"] = values.text(remark, most=known["remark"].most)
            except CellRefused as refusal:
                raise RowRefused([Fault(refusal, "remark")]) from None

    def set_number(self, said: dict[str, Any]) -> None:
        """A number of another series is what the office calls it, not what we do."""
        number = said.get("number")
        if number and not self.ledger.is_own_number(number):
            del said["number"]
            said["source_ref"] = said.get("source_ref") or number

    def set_deadline(self, said: dict[str, Any], began: date) -> None:
        """The day, and the hour if one was given; what is due at once is due when it began."""
        deadline = said.pop("deadline", None)
        if deadline is Term.AT_ONCE:
            said["deadline_date"] = began
        elif isinstance(deadline, datetime):
            if deadline.time() == time() and self.file.from_zone is self.file.zone:
                said["deadline_date"] = deadline.date()
                return
            if deadline.time() == time():
                deadline = deadline.replace(hour=23, minute=59, second=59)
            given = self.local(deadline)
            said["deadline_date"], said["deadline_time"] = given.date(), given.time()

    def set_words(self, said: dict[str, Any]) -> None:
        """A row without a title has the first words of its description for one."""
        said.setdefault("place", "")
        description = said.get("description", "")
        if not said.setdefault("title", "") and description:
            said["title"] = _first_words(description)
            if said["title"] == description:
                said["description"] = ""

    def local(self, at: datetime) -> datetime:
        """The moment on the district's wall clock; a bare day begins where the file was written."""
        if at.tzinfo is None:
            at = at.replace(tzinfo=self.file.from_zone)
        return at if at.tzinfo is self.file.zone else at.astimezone(self.file.zone)


def _first_words(description: str) -> str:
    """The first sentence, or as much of it as makes a title."""
    first = description.replace("\n", " ")
    for mark in "。；;，,":
        head = first.split(mark, 1)[0].strip()
        if 6 <= len(head) <= TITLE_FROM_DESCRIPTION:
            return head
    return first if len(first) <= TITLE_FROM_DESCRIPTION else first[:TITLE_FROM_DESCRIPTION]
