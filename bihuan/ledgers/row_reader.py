"""Parse the cells of one row into the matter it describes, or into reasons for a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bihuan.ledgers.mapping import READ, SKIP, Mapping, Placed
from bihuan.ledgers.parting import RowSplitter
from bihuan.sheets import values
from bihuan.sheets.columns import split_note
from bihuan.sheets.dates import Reading
from bihuan.sheets.ledger.reading import amounts, unit_cells, words
from bihuan.sheets.ledger.reading.assembly import FileFacts
from bihuan.sheets.ledger.reading.days import Days
from bihuan.sheets.ledger.reading.facts import Facts
from bihuan.sheets.ledger.reading.faults import (
    Fault,
    LongTerm,
    RowRefused,
    SeveralDays,
    StruckThrough,
    UnknownWord,
)
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind
from bihuan.sheets.ledger.reading.officers import officer
from bihuan.sheets.ledger.reading.people import without_people
from bihuan.sheets.ledger.reading.words import Convert
from bihuan.sheets.ledger.types import LedgerType
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellRefused

YUAN = Decimal(1)

NO_WORDS: Map[str, str] = {}


Reads = Callable[..., Any]


class _Column(NamedTuple):
    field: str
    at: int
    convert: Reads
    of_text: Reads  # a cached result for a text: ledgers repeat themselves
    is_day: bool  # the result depends on other values of the row


class Read(NamedTuple):
    """The matters in a row, and the fields with a value.

    `notes` are about how its cells were parsed.
    """

    rows: Sequence[Any]  # as defined by the kind of ledger
    said: frozenset[str]
    notes: Sequence[Note] = ()


class RowReader:
    """Parses rows of one file by one mapping; created once, called for every row."""

    def __init__(
        self,
        mapping: Mapping,
        placed: Placed,
        units: Units,
        ledger: LedgerType[Any],
        *,
        zone: ZoneInfo,
        near: date,
        epoch_1904: bool = False,
        ahead: Sequence[Sequence[Cell]] = (),
    ) -> None:
        self._ledger, self._units, self._indexes = ledger, units, placed.indexes
        self._struck = mapping.struck
        self._facts = Facts(placed.indexes)
        self._splitter = RowSplitter(placed.indexes, mapping.split, ledger)
        self._titles = {column.index: column.title for column in placed.columns}
        from_zone = ZoneInfo(mapping.zone) if mapping.zone else zone
        titles = {name: self._title(index) for name, index in placed.indexes.items()}
        file = FileFacts(units.top.pk, titles, zone, from_zone)
        self._assembly = ledger.assembly(ledger, file)
        self._days = Days(
            ledger.vocabulary,
            {name: _cells(ahead, index) for name, index in placed.indexes.items()},
            Reading(mapping.month_first, near, epoch_1904, mapping.day_first),
            in_days=placed.in_days,
        )
        begins = ledger.vocabulary.begins
        indexes = sorted(placed.indexes.items(), key=lambda item: item[0] not in begins)
        self._columns = [
            self._column(name, index, mapping.words.get(name, NO_WORDS), placed)
            for name, index in indexes
        ]
        self._constants = self._said_of_all(mapping.constants, placed)

    @property
    def without_place_on_map(self) -> int:
        """How many of the rows so far have no usable coordinates."""
        return self._assembly.without_place_on_map

    def read(self, cells: Sequence[Cell]) -> Read:
        """Parse the row; raise `RowRefused` with everything that is wrong in it."""
        if self._struck != READ and self._facts.is_struck(cells):
            raise RowRefused([Fault(StruckThrough())])
        notes = self._facts.of(cells)
        listed, parting = self._splitter.listed(cells), self._ledger.parting
        if listed and parting and self._splitter.may_split(cells):
            parts = self._splitter.parts(cells, parting, listed)
            return _together([self._read_one(part, notes + more) for part, more in parts])
        if listed:
            notes.append(Note(NoteKind.SEVERAL, self._splitter.field, str(len(listed))))
        return self._read_one(cells, notes)

    def notes_on(self, cells: Sequence[Cell]) -> list[Note]:
        """Return what a workbook of values loses of a row: notes on cells, and that it was
        hidden.
        """
        facts = self._facts.of(cells)
        lost = [note for note in facts if note.kind in (NoteKind.CELL_NOTE, NoteKind.HIDDEN)]
        return [
            note._replace(kind=NoteKind.REFUSED_NOTE) if note.kind is NoteKind.CELL_NOTE else note
            for note in lost
        ]

    def passes_over(self, cells: Sequence[Cell]) -> bool:
        """Whether the user chose to skip such rows."""
        return self._struck == SKIP and self._facts.is_struck(cells)

    def _read_one(self, cells: Sequence[Cell], notes: list[Note]) -> Read:
        row_values = self._constants.copy()
        faults: list[Fault] = []
        asides: list[tuple[str, Aside]] = []
        width = len(cells)
        # Two million cells pass through here in one import, so avoid function calls.
        for name, at, convert, of_text, is_day in self._columns:
            cell = cells[at] if at < width else ""
            if cell == "":
                continue
            try:
                if is_day:
                    value = convert(row_values, cell)
                else:
                    value = of_text(cell) if type(cell) is str else convert(cell)
            except (CellRefused, UnknownWord, SeveralDays, LongTerm) as refusal:
                faults.append(Fault(refusal, name))
                continue
            if type(value) is Aside:
                asides.append((name, value))
                value = value.value
            if value is not None:
                row_values[name] = value
        self._set_asides(asides, cells, row_values, notes)
        if faults:
            raise RowRefused(faults, self._rest(row_values, notes))
        names = frozenset(row_values)
        return Read((self._assembly.row(row_values, notes),), names, notes)

    def _set_asides(
        self,
        asides: Sequence[tuple[str, Aside]],
        cells: Sequence[Cell],
        row_values: dict[str, Any],
        notes: list[Note],
    ) -> None:
        """Keep the notes, and set the fields that cells of other fields name; a cell of their own
        takes precedence.
        """
        for name, aside in asides:
            notes.extend(aside.notes)
            for other, value in aside.others:
                at = self._indexes.get(other, len(cells))
                if at >= len(cells) or cells[at] == "":
                    row_values[other] = value
                elif row_values.get(other) != value:
                    text = values.text(cells[self._indexes[name]])
                    notes.append(Note(NoteKind.IN_REMARK, name, text))

    def _rest(self, row_values: dict[str, Any], notes: list[Note]) -> Any:
        """Parse what is valid in a row with faults, if it has a date."""
        try:
            return self._assembly.row(row_values, notes)
        except RowRefused:
            return None

    def _said_of_all(self, constants: Map[str, str], placed: Placed) -> dict[str, Any]:
        """Return the mapping's values for every row."""
        row_values: dict[str, Any] = {}
        for name, text in constants.items():
            column = self._column(name, 0, NO_WORDS, placed)
            value = column.convert(row_values, text) if column.is_day else column.convert(text)
            value = value.value if isinstance(value, Aside) else value
            if value is not None:
                row_values[name] = value
        return row_values

    # ------------------------------------------------------------ converting
    def _column(self, name: str, at: int, known: Map[str, str], placed: Placed) -> _Column:
        """Return the parser of a field's cells, applied after the given meanings of words."""
        holds = self._ledger.vocabulary.by_name[name].holds
        is_day = name in self._ledger.vocabulary.days
        convert: Reads
        if holds == "closed":
            title = self._title(placed.indexes.get(name, -1))
            convert = self._ledger.closing(known, title)
        else:
            plain = (
                partial(self._days.read, name)
                if is_day
                else self._plain_convert(name, placed, known)
            )
            convert = partial(_translated, known, plain) if known else plain
        of_text = convert if is_day else lru_cache(values.REMEMBERED_CELLS)(convert)
        return _Column(name, at, convert, of_text, is_day)

    def _plain_convert(self, name: str, placed: Placed, known: Map[str, str]) -> Convert:
        if own := self._ledger.converters.get(name):
            return own
        fields = self._ledger.vocabulary.by_name
        field = fields[name]
        match field.holds:
            case "officer":
                return partial(officer, field, self._units)
            case "money":
                return partial(amounts.money, name, placed.money_units.get(name, YUAN))
            case "stage":
                return partial(words.stage, self._ledger.stages)
            case "unit":
                return partial(unit_cells.unit, field, fields.get(field.paired), self._units, known)
            case "number":
                return _number
        if field.most:
            return partial(without_people, field)
        return values.text

    def _title(self, index: int) -> str:
        """Return the words of the header alone, without its group above and its note."""
        return split_note(self._titles.get(index, "").rpartition(" / ")[2])[0]


def _together(parts: Sequence[Read]) -> Read:
    """Return the matters of one row; the source's number gets a suffix for each of them."""
    rows = [
        row._replace(source_ref=f"{row.source_ref}-{at}") if row.source_ref else row
        for at, part in enumerate(parts, start=1)
        for row in part.rows
    ]
    parts_of_row = frozenset[str]().union(*(part.said for part in parts))
    return Read(
        rows, parts_of_row, list(dict.fromkeys(note for part in parts for note in part.notes))
    )


def _translated(known: Map[str, str], convert: Reads, *value: Any) -> Any:
    """Replace words by their given meanings; the empty text means that they have none."""
    *before, cell = value
    words_said = values.text(cell)
    meaning = known.get(words_said, words_said)
    return convert(*before, meaning) if meaning else None


def _cells(ahead: Sequence[Sequence[Cell]], index: int) -> list[Cell]:
    return [row[index] for row in ahead if index < len(row)]


def _number(cell: Cell) -> float | None:
    try:
        return float(values.whole(cell))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
