"""Parse a cell with officers: names as they are stored, without telephone numbers."""

from __future__ import annotations

from bihuan.core import people
from bihuan.sheets import values
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind, in_remark
from bihuan.sheets.ledger.reading.unit_officer import parted
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.ledger.vocabulary import Field
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused


def officer(field: Field, units: Units, cell: Cell) -> str | Aside:
    """Return the names in the cell; a rank in brackets goes to the remark, a telephone number
    nowhere. A unit next to the names is that of the row, if it is known and the row has none.
    """
    text = values.text(cell)
    if values.NOTHING.fullmatch(text):
        return ""
    both = parted(text, units.find)
    if both is None:
        return _officers(field, text)
    read = _officers(field, both.officers)
    aside = read if isinstance(read, Aside) else Aside(read, ())
    if both.unit_id is None or not field.paired:
        return aside._replace(notes=(*aside.notes, *in_remark(field.name, None, text).notes))
    meaning = f"{units.name_of(both.unit_id) or both.unit} · {aside.value}"
    note = Note(NoteKind.UNIT_AND_OFFICER, field.name, values.short(text), meaning)
    return Aside(aside.value, (*aside.notes, note), ((field.paired, both.unit_id),))


def _officers(field: Field, text: str) -> str | Aside:
    found = people.read(text)
    if len(found.names) > field.most:
        raise CellRefused(CellFault.TOO_LONG, values.short(text), field.most)
    if not found.phones and not found.remarks:
        return found.names
    notes = [Note(NoteKind.PHONE_LEFT_OUT, field.name)] if found.phones else []
    if found.remarks:
        stored = f"{found.names}（{'，'.join(found.remarks)}）"
        notes.append(Note(NoteKind.IN_REMARK, field.name, stored))
    return Aside(found.names, tuple(notes))
