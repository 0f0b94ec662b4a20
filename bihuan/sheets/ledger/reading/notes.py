"""Notes on imported rows whose cells were not entirely clear."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class NoteKind(StrEnum):
    """How the words of a cell were handled."""

    IN_REMARK = "in_remark"  # they are in the remark now
    PHONE_LEFT_OUT = "phone_left_out"
    AT_ONCE = "at_once"  # due on the day it was found
    IN_DAYS = "in_days"  # days counted from the day it was found
    YEAR_ADDED = "year_added"  # a day found without a year
    SEVERAL = "several"  # several matters in one cell, imported as one
    PARTED = "parted"  # several matters in one cell, imported separately
    CELL_NOTE = "cell_note"  # a comment on a cell, which is in the remark now
    NOT_KEPT = "not_kept"  # about an existing case, whose remark does not change
    REFUSED_NOTE = "refused_note"  # a comment on a cell of a row that is returned
    HIDDEN = "hidden"  # a row that the sheet hides
    STRUCK = "struck"  # cells that are struck through
    MASKED = "masked"  # personal data was removed
    SHORT_UNIT = "short_unit"  # a unit by a short name
    UNIT_AND_OFFICER = "unit_and_officer"  # a unit and its officer in one cell
    NO_UNIT = "no_unit"  # no responsible unit named: the one that found it is responsible
    NO_POST = "no_post"  # under way, and no officer of a post is named


SAID_ONCE = (NoteKind.IN_DAYS, NoteKind.NO_UNIT, NoteKind.NO_POST)
"""What applies to all rows of a file and is reported once, with the number of rows."""
READ_AS = (NoteKind.SHORT_UNIT, NoteKind.UNIT_AND_OFFICER)
"""How words of a file were read, reported once for all rows with the same words."""


class Note(NamedTuple):
    """A note on a row: the field, and the content of its cell."""

    kind: NoteKind
    field: str
    shown: str = ""
    meaning: str = ""

    def not_kept(self) -> Note:
        """Return the note for a remark that does not change."""
        is_for_remark = self.kind in (NoteKind.IN_REMARK, NoteKind.CELL_NOTE)
        return self._replace(kind=NoteKind.NOT_KEPT) if is_for_remark else self


class Aside(NamedTuple):
    """The meaning of a cell, the notes on it, and the values of other fields that it names.

    Such a value is used if the row has no cell for that field; else the words go to the remark.
    """

    value: Any
    notes: tuple[Note, ...]
    others: tuple[tuple[str, Any], ...] = ()


def in_remark(field: str, value: Any, words: str) -> Aside:
    """Return a certain meaning, with the words kept in the remark."""
    return Aside(value, (Note(NoteKind.IN_REMARK, field, words),))
