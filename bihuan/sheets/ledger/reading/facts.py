"""Properties of a row in a sheet apart from its values: hidden, struck through, with notes on
cells.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence

from bihuan.sheets import values
from bihuan.sheets.ledger.reading.notes import Note, NoteKind
from bihuan.sheets.reader import Cell, SheetRow


class Facts:
    """Checks the rows of one file, in the columns that are read."""

    def __init__(self, indexes: Map[str, int]) -> None:
        self._fields = {index: name for name, index in indexes.items()}

    def is_struck(self, cells: Sequence[Cell]) -> bool:
        """Whether most of the row's text is struck through."""
        struck = self._struck(cells)
        if not struck:
            return False
        filled = sum(at < len(cells) and cells[at] != "" for at in self._fields)
        return 2 * len(struck) > filled

    def of(self, cells: Sequence[Cell]) -> list[Note]:
        """Return the notes on the row."""
        if not isinstance(cells, SheetRow):
            return []
        notes = [Note(NoteKind.HIDDEN, "")] if cells.hidden else []
        for at in self._struck(cells):
            shown = values.short(values.written(cells[at]))
            notes.append(Note(NoteKind.STRUCK, self._fields[at], shown))
        for at, words in cells.notes.items():
            if at in self._fields and (clean := values.text(words)):
                notes.append(Note(NoteKind.CELL_NOTE, self._fields[at], clean))
        return notes

    def _struck(self, cells: Sequence[Cell]) -> list[int]:
        if not isinstance(cells, SheetRow) or not cells.struck:
            return []
        return [
            at for at in cells.struck if at in self._fields and at < len(cells) and cells[at] != ""
        ]
