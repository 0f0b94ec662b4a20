"""Turns the cells of one row into what a ledger says of its hazards, or into reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bihuan.hazards.ledger import Units
from bihuan.ledgers.books import HAZARDS, Book
from bihuan.ledgers.fields import MOST
from bihuan.ledgers.mapping import READ, SKIP, Mapping, Placed
from bihuan.ledgers.reading import amounts, days, words
from bihuan.ledgers.reading.assembly import Assembly
from bihuan.ledgers.reading.days import Days
from bihuan.ledgers.reading.facts import Facts
from bihuan.ledgers.reading.faults import (
    Fault,
    LongTerm,
    RowRefused,
    SeveralDays,
    StruckThrough,
    UnknownWord,
)
from bihuan.ledgers.reading.notes import Aside, Note, NoteKind
from bihuan.ledgers.reading.officers import officer
from bihuan.ledgers.reading.parting import Parting
from bihuan.ledgers.reading.people import without_people
from bihuan.ledgers.reading.registers import RegisterAssembly
from bihuan.sheets import values
from bihuan.sheets.columns import split_note
from bihuan.sheets.dates import Reading
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellRefused

Convert = Callable[..., Any]
YUAN = Decimal(1)

OFFICERS = ("finder_name", "resolver_name", "verifier_name")
NO_WORDS: Map[str, str] = {}


class _Column(NamedTuple):
    field: str
    at: int
    convert: Convert
    of_text: Convert  # the same for a text, remembered: ledgers repeat themselves
    is_day: bool  # its reading rests on what the row has said already


class Read(NamedTuple):
    """The hazards that a row tells of, and the fields that say it: it knows nothing of others.

    `notes` are what is to be said of how its cells were read.
    """

    rows: Sequence[Any]  # as the kind of ledger tells them
    said: frozenset[str]
    notes: Sequence[Note] = ()


class RowReader:
    """Reads rows of one file by one mapping; made once, called for every row."""

    def __init__(
        self,
        mapping: Mapping,
        placed: Placed,
        units: Units,
        *,
        zone: ZoneInfo,
        near: date,
        epoch_1904: bool = False,
        ahead: Sequence[Sequence[Cell]] = (),
        book: Book = HAZARDS,
    ) -> None:
        self._book = book
        self._units = units
        self._struck = mapping.struck
        self._facts = Facts(placed.indexes)
        self._parting = Parting(placed.indexes if book is HAZARDS else {}, mapping.split)
        self._titles = {column.index: column.title for column in placed.columns}
        from_zone = ZoneInfo(mapping.zone) if mapping.zone else zone
        titles = {name: self._title(index) for name, index in placed.indexes.items()}
        assembled = Assembly if book is HAZARDS else RegisterAssembly
        self._assembly = assembled(units.top.pk, titles, book, zone=zone, from_zone=from_zone)
        self._days = Days(
            {name: _cells(ahead, index) for name, index in placed.indexes.items()},
            Reading(mapping.month_first, near, epoch_1904, mapping.day_first),
            in_days="deadline" in placed.in_days,
        )
        indexes = sorted(placed.indexes.items(), key=lambda item: item[0] not in days.WHEN_FOUND)
        self._columns = [
            self._column(name, index, mapping.words.get(name, NO_WORDS), placed)
            for name, index in indexes
        ]
        self._constants = self._said_of_all(mapping.constants, placed)

    @property
    def without_place_on_map(self) -> int:
        """How many of the rows so far say no usable place on the map."""
        return self._assembly.without_place_on_map

    def read(self, cells: Sequence[Cell]) -> Read:
        """What the row says, or `RowRefused` with everything that is wrong in it."""
        if self._struck != READ and self._facts.is_struck(cells):
            raise RowRefused([Fault(StruckThrough())])
        notes = self._facts.of(cells)
        hazards = self._parting.listed(cells)
        if hazards and self._parting.may_part(cells):
            parts = self._parting.parts(cells, hazards)
            return _together([self._read_one(part, notes + more) for part, more in parts])
        if hazards:
            notes.append(Note(NoteKind.SEVERAL, self._parting.field, str(len(hazards))))
        return self._read_one(cells, notes)

    def notes_on(self, cells: Sequence[Cell]) -> list[Note]:
        """What a workbook of values loses of a row: notes on cells, and that it was hidden."""
        facts = self._facts.of(cells)
        lost = [note for note in facts if note.kind in (NoteKind.CELL_NOTE, NoteKind.HIDDEN)]
        return [
            note._replace(kind=NoteKind.REFUSED_NOTE) if note.kind is NoteKind.CELL_NOTE else note
            for note in lost
        ]

    def passes_over(self, cells: Sequence[Cell]) -> bool:
        """Whether a person said that such a row does not hold any more."""
        return self._struck == SKIP and self._facts.is_struck(cells)

    def _read_one(self, cells: Sequence[Cell], notes: list[Note]) -> Read:
        said = self._constants.copy()
        faults: list[Fault] = []
        width = len(cells)
        # Two million cells pass here in one import: nothing is called that need not be.
        for name, at, convert, of_text, is_day in self._columns:
            cell = cells[at] if at < width else ""
            if cell == "":
                continue
            try:
                if is_day:
                    value = convert(said, cell)
                else:
                    value = of_text(cell) if type(cell) is str else convert(cell)
            except (CellRefused, UnknownWord, SeveralDays, LongTerm) as refusal:
                faults.append(Fault(refusal, name))
                continue
            if type(value) is Aside:
                notes.extend(value.notes)
                value = value.value
            if value is not None:
                said[name] = value
        if faults:
            raise RowRefused(faults, self._rest(said, notes))
        names = frozenset(said)
        return Read((self._assembly.row(said, notes),), names, notes)

    def _rest(self, said: dict[str, Any], notes: list[Note]) -> Any:
        """What a row with faults says all the same, if it says when."""
        try:
            return self._assembly.row(said, notes)
        except RowRefused:
            return None

    def _said_of_all(self, constants: Map[str, str], placed: Placed) -> dict[str, Any]:
        """What the mapping says for every row."""
        said: dict[str, Any] = {}
        for name, text in constants.items():
            column = self._column(name, 0, NO_WORDS, placed)
            value = column.convert(said, text) if column.is_day else column.convert(text)
            value = value.value if isinstance(value, Aside) else value
            if value is not None:
                said[name] = value
        return said

    # ------------------------------------------------------------ converting
    def _column(self, name: str, at: int, known: Map[str, str], placed: Placed) -> _Column:
        """How the cells of a field are read, after what a person said that its words mean."""
        is_day = name in days.FIELDS
        convert: Convert
        if name == "closed" and self._book is not HAZARDS:
            convert = partial(words.ended, known)
        elif name == "closed":
            of_the_fix = words.asks_for_the_fix(self._title(placed.indexes.get(name, -1)))
            convert = partial(words.closing, known, of_the_fix)
        else:
            plain = partial(self._days.read, name) if is_day else self._plain_convert(name, placed)
            convert = partial(_translated, known, plain) if known else plain
        of_text = convert if is_day else lru_cache(values.REMEMBERED_CELLS)(convert)
        return _Column(name, at, convert, of_text, is_day)

    def _plain_convert(self, name: str, placed: Placed) -> Convert:
        if name in OFFICERS:
            return partial(officer, name, MOST[name])
        if name in MOST:
            return partial(without_people, name, MOST[name])
        converters: dict[str, Convert] = {
            "budget": partial(amounts.budget, placed.money_units.get(name, YUAN)),
            "grade": words.grade,
            "stage": partial(words.stage, self._book.stages),
            "adopted": words.adopted,
            "unit": self._unit,
            "origin": self._unit,
            "latitude": _number,
            "longitude": _number,
            "rebounds": amounts.rebounds,
        }
        return converters.get(name, values.text)

    def _unit(self, cell: Cell) -> int | None:
        said = values.text(cell)
        if values.NOTHING.fullmatch(said):
            return None
        found = self._units.find(said)
        if found is None:
            raise UnknownWord("unit", values.short(said))
        return found

    def _title(self, index: int) -> str:
        """The words of the title alone, without its group above and its note."""
        return split_note(self._titles.get(index, "").rpartition(" / ")[2])[0]


def _together(parts: Sequence[Read]) -> Read:
    """The hazards of one row; a number of the source's own gets a place for each of them."""
    rows = [
        row._replace(source_ref=f"{row.source_ref}-{at}") if row.source_ref else row
        for at, part in enumerate(parts, start=1)
        for row in part.rows
    ]
    said = frozenset[str]().union(*(part.said for part in parts))
    return Read(rows, said, list(dict.fromkeys(note for part in parts for note in part.notes)))


def _translated(known: Map[str, str], convert: Convert, *said: Any) -> Any:
    """What the mapping says that the words mean; the empty text means that they say nothing."""
    *before, cell = said
    words_said = values.text(cell)
    meant = known.get(words_said, words_said)
    return convert(*before, meant) if meant else None


def _cells(ahead: Sequence[Sequence[Cell]], index: int) -> list[Cell]:
    return [row[index] for row in ahead if index < len(row)]


def _number(cell: Cell) -> float | None:
    try:
        return float(values.whole(cell))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
