"""Parse a cell with a unit: its code, a name of it, or its name with that of its officer."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.sheets import values
from bihuan.sheets.ledger.reading.faults import UnknownWord
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind
from bihuan.sheets.ledger.reading.officers import officer
from bihuan.sheets.ledger.reading.unit_officer import Named, parted
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.ledger.vocabulary import Field
from bihuan.sheets.reader import Cell


def unit(
    field: Field, paired: Field | None, units: Units, known: Mapping[str, str], cell: Cell
) -> int | Aside | None:
    """Return the unit, and the officer for the field `paired`; `known` are the meanings that the
    user gave to words of this file.
    """
    text = values.text(cell)
    if values.NOTHING.fullmatch(text):
        return None
    found = units.find(text)
    if found is None and paired is not None and (both := parted(text, units.find)):
        return _of_two(field, paired, units, known, text, both)
    if found is None:
        raise UnknownWord("unit", values.short(text), units.suggested(text))
    if not units.is_short(text, found):
        return found
    meaning = units.name_of(found)
    return Aside(found, (Note(NoteKind.SHORT_UNIT, field.name, values.short(text), meaning),))


def _of_two(
    field: Field, paired: Field, units: Units, known: Mapping[str, str], text: str, both: Named
) -> Aside:
    found = both.unit_id or units.find(known.get(both.unit, ""))
    if found is None:
        raise UnknownWord("unit", values.short(both.unit), units.suggested(both.unit))
    read = officer(paired, units, both.officers)
    names, notes = (read.value, read.notes) if isinstance(read, Aside) else (read, ())
    meaning = f"{units.name_of(found) or both.unit} · {names}"
    note = Note(NoteKind.UNIT_AND_OFFICER, field.name, values.short(text), meaning)
    return Aside(found, (*notes, note), ((paired.name, names),))
