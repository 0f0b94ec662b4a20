"""Turns the cells of one row into what a ledger says of one hazard, or into reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bihuan.core.hazard import Grade, Stage
from bihuan.hazards.ledger import LedgerRow, Units
from bihuan.ledgers.fields import GRADES, STAGES
from bihuan.ledgers.mapping import Mapping, Placed
from bihuan.ledgers.reading.assembly import Assembly
from bihuan.ledgers.reading.faults import Fault, RowRefused, UnknownWord
from bihuan.sheets import dates, values
from bihuan.sheets.dates import Reading, Term
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused

Convert = Callable[[Cell], Any]
YUAN = Decimal(1)

MOST = {
    "number": 32, "source_ref": 64, "title": 200, "description": 10_000, "category": 80,
    "place": 200, "standard": 200, "finder_name": 60, "resolver_name": 60, "measures": 10_000,
    "contingency": 10_000, "progress": 10_000, "verifier_name": 60, "remark": 10_000,
}  # fmt: skip
# Read before the others, whose days are near this one when they name no year.
WHEN_FOUND = ("found_date", "reported_at")


class Read(NamedTuple):
    """What a row says, and the fields that say it: of all others the row knows nothing."""

    told: LedgerRow
    said: frozenset[str]


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
    ) -> None:
        self._units = units
        from_zone = ZoneInfo(mapping.zone) if mapping.zone else zone
        self._assembly = Assembly(units.top.pk, zone=zone, from_zone=from_zone)
        self._reading = Reading(mapping.month_first, near, epoch_1904)
        indexes = sorted(placed.indexes.items(), key=lambda item: item[0] not in WHEN_FOUND)
        self._columns = [
            (name, index, self._convert(name, mapping.words.get(name), placed))
            for name, index in indexes
        ]
        self._constants: dict[str, Any] = {
            name: self._convert(name, None, placed)(text)
            for name, text in mapping.constants.items()
        }

    @property
    def without_place_on_map(self) -> int:
        """How many of the rows so far say no usable place on the map."""
        return self._assembly.without_place_on_map

    def read(self, cells: Sequence[Cell]) -> Read:
        """What the row says, or `RowRefused` with everything that is wrong in it."""
        said = self._constants.copy()
        faults: list[Fault] = []
        width = len(cells)
        for name, index, convert in self._columns:
            cell = cells[index] if index < width else ""
            if cell == "":
                continue
            try:
                said[name] = convert(cell)
            except (CellRefused, UnknownWord) as refusal:
                try:
                    said[name] = self._near_the_find(name, cell, said, refusal)
                except (CellRefused, UnknownWord) as refused:
                    faults.append(Fault(refused, name))
        if faults:
            raise RowRefused(faults)
        names = frozenset([name for name, value in said.items() if value is not None])
        return Read(self._assembly.row(said), names)

    # ------------------------------------------------------------ converting
    def _convert(self, name: str, words: Map[str, str] | None, placed: Placed) -> Convert:
        convert = self._plain_convert(name, placed)
        return partial(_translated, words, convert) if words else convert

    def _plain_convert(self, name: str, placed: Placed) -> Convert:
        if name in MOST:
            return partial(values.text, most=MOST[name])
        # Nothing may be taken for a day of another year: see `_near_the_find`.
        later = self._reading._replace(near=None)
        converters: dict[str, Convert] = {
            "reported_at": partial(dates.moment, reading=self._reading),
            "ended_at": partial(dates.moment, reading=later),
            "deadline": partial(dates.moment, reading=later),
            "found_date": partial(dates.day, reading=self._reading),
            "verified_date": partial(dates.day, reading=later),
            "budget": partial(values.money, unit=placed.money_units.get(name, YUAN)),
            "closed": values.yes_or_no,
            "grade": partial(_word, "grade", _GRADES),
            "stage": partial(_word, "stage", _STAGES),
            "unit": self._unit,
            "origin": self._unit,
            "latitude": _number,
            "longitude": _number,
            "rebounds": _count,
        }
        return converters[name]

    def _near_the_find(
        self, name: str, cell: Cell, said: Map[str, Any], refusal: CellRefused | UnknownWord
    ) -> date | Term | None:
        """A later day without its year lies near the day when the hazard was found."""
        found = next((at for each in WHEN_FOUND if isinstance(at := said.get(each), date)), None)
        without_year = isinstance(refusal, CellRefused) and refusal.fault is CellFault.NO_YEAR
        if not without_year or found is None:
            raise refusal
        near = found.date() if isinstance(found, datetime) else found
        read = dates.day if name == "verified_date" else dates.moment
        return read(cell, self._reading._replace(near=near))

    def _unit(self, cell: Cell) -> int | None:
        said = values.text(cell)
        if _NOTHING(said):
            return None
        found = self._units.find(said)
        if found is None:
            raise UnknownWord("unit", values.short(said))
        return found


_NOTHING = values.NOTHING.fullmatch
_GRADES: dict[str, Grade] = {
    **{said: Grade(grade) for grade, said in GRADES.items()},
    **{f"{said}隐患": Grade(grade) for grade, said in GRADES.items()},
    **{f"{said}事故隐患": Grade(grade) for grade, said in GRADES.items()},
    **{grade.value: grade for grade in Grade},
}
_STAGES: dict[str, Stage] = {
    **{said: stage for stage, said in STAGES.items()},
    **{stage.value: stage for stage in Stage},
}


def _translated(words: Map[str, str], convert: Convert, cell: Cell) -> Any:
    """What the mapping says that the words mean; the empty text means that they say nothing."""
    said = values.text(cell)
    meant = words.get(said, said)
    return convert(meant) if meant else None


def _word(field: str, known: Map[str, Any], cell: Cell) -> Any:
    said = values.text(cell)
    found = known.get(said) or known.get(said.lower())
    if found is None and not _NOTHING(said):
        raise UnknownWord(field, values.short(said))
    return found


def _number(cell: Cell) -> float | None:
    try:
        return float(values.whole(cell))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _count(cell: Cell) -> int:
    found = _number(cell)
    return int(found) if found and 0 < found < 1000 else 0
