"""Parse a free-text cell without personal data of members of the public."""

from __future__ import annotations

from bihuan.core.masking import masked
from bihuan.sheets import values
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind
from bihuan.sheets.ledger.vocabulary import Field
from bihuan.sheets.reader import Cell


def without_people(field: Field, cell: Cell) -> str | Aside:
    """Return the text as it may be stored, with this maximum length."""
    text = values.text(cell, most=field.most)
    if field.holds == "code":
        # The office's own numbers are not text.
        return text
    stored = masked(text)
    return Aside(stored.text, (Note(NoteKind.MASKED, field.name),)) if stored.found else text
