"""What is said of a row that comes in, because its cells did not say it as plainly as that."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class NoteKind(StrEnum):
    """What was done with the words of a cell."""

    IN_REMARK = "in_remark"  # they stand in the remark now
    PHONE_LEFT_OUT = "phone_left_out"
    AT_ONCE = "at_once"  # due on the day it was found
    IN_DAYS = "in_days"  # days counted from the day it was found
    YEAR_ADDED = "year_added"  # a day of finding that names no year
    SEVERAL = "several"  # several matters in one cell, taken as one
    PARTED = "parted"  # several matters in one cell, taken one by one
    CELL_NOTE = "cell_note"  # a comment on a cell, which stands in the remark now
    NOT_KEPT = "not_kept"  # they are said of a case that is here, whose remark they do not change
    REFUSED_NOTE = "refused_note"  # a comment on a cell of a row that is handed back
    HIDDEN = "hidden"  # a row that the sheet hides
    STRUCK = "struck"  # cells that are struck through
    MASKED = "masked"  # what identifies somebody was taken out
    NO_UNIT = "no_unit"  # no responsible unit named: the one that found it answers for it


SAID_ONCE = (NoteKind.IN_DAYS, NoteKind.NO_UNIT)
"""What holds for all rows of a file alike and is told once, with the number of rows."""


class Note(NamedTuple):
    """One thing to be said of a row: in which field, and what its cell said."""

    kind: NoteKind
    field: str
    shown: str = ""
    meant: str = ""

    def not_kept(self) -> Note:
        """The same where the remark that would keep the words is left as it is."""
        is_for_remark = self.kind in (NoteKind.IN_REMARK, NoteKind.CELL_NOTE)
        return self._replace(kind=NoteKind.NOT_KEPT) if is_for_remark else self


class Aside(NamedTuple):
    """What a cell means, and what is to be said of it."""

    value: Any
    notes: tuple[Note, ...]


def in_remark(field: str, value: Any, words: str) -> Aside:
    """What is sure of a cell, while its words go to the remark."""
    return Aside(value, (Note(NoteKind.IN_REMARK, field, words),))
