"""What a cell of free words says, without what identifies members of the public."""

from __future__ import annotations

from bihuan.core.masking import masked
from bihuan.ledgers.reading.notes import Aside, Note, NoteKind
from bihuan.sheets import values
from bihuan.sheets.reader import Cell

# The office's own numbers are no words.
NUMBERS = ("number", "source_ref")


def without_people(field: str, most: int, cell: Cell) -> str | Aside:
    """The words as they may be stored, at most so many letters."""
    said = values.text(cell, most=most)
    if field in NUMBERS:
        return said
    kept = masked(said)
    return Aside(kept.text, (Note(NoteKind.MASKED, field),)) if kept.found else said
