"""Parse a cell with officers: names as they are stored, without telephone numbers."""

from __future__ import annotations

from bihuan.core import people
from bihuan.sheets import values
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused


def officer(field: str, most: int, cell: Cell) -> str | Aside:
    """Return the names in the cell; a rank in brackets goes to the remark, a telephone number
    nowhere.
    """
    text = values.text(cell)
    if values.NOTHING.fullmatch(text):
        return ""
    found = people.read(text)
    if len(found.names) > most:
        raise CellRefused(CellFault.TOO_LONG, values.short(text), most)
    if not found.phones and not found.remarks:
        return found.names
    notes = [Note(NoteKind.PHONE_LEFT_OUT, field)] if found.phones else []
    if found.remarks:
        stored = f"{found.names}（{'，'.join(found.remarks)}）"
        notes.append(Note(NoteKind.IN_REMARK, field, stored))
    return Aside(found.names, tuple(notes))
