"""Turns the cells of one row into what a ledger says of one hazard, or into reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.core import places
from bihuan.core.hazard import Grade, Stage
from bihuan.core.refusal import Refusal
from bihuan.hazards.ledger import DEGREE_DIGITS, OWN_NUMBER, LedgerRow, Units
from bihuan.ledgers.fields import GRADES, STAGES
from bihuan.ledgers.mapping import Mapping, Placed
from bihuan.sheets import dates, values
from bihuan.sheets.dates import Reading, Term
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused

Convert = Callable[[Cell], Any]

MOST = {
    "number": 32, "source_ref": 64, "title": 200, "description": 10_000, "category": 80,
    "place": 200, "standard": 200, "finder_name": 60, "resolver_name": 60, "measures": 10_000,
    "contingency": 10_000, "progress": 10_000, "verifier_name": 60, "remark": 10_000,
}  # fmt: skip
TITLE_FROM_DESCRIPTION = 60
# Read before the others, whose days are near this one when they name no year.
WHEN_FOUND = ("found_date", "reported_at")


class UnknownWord(Refusal):
    """The cell says something that the column has no meaning for: a unit, a grade, a stage."""

    def __init__(self, field: str, shown: str) -> None:
        super().__init__(field, shown)
        self.field, self.shown = field, shown


class NoDate(Refusal):
    """Nothing in the row says when the hazard was found."""


class LongTerm(Refusal):
    """ "Long-term" is no deadline: a day has to be set (HAZ-5)."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which field if it lies in one."""

    refusal: Refusal
    field: str = ""


class RowRefused(Exception):
    """The row cannot be read; every fault that was found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


class RowReader:
    """Reads rows of one file by one mapping; made once, called for every row."""

    def __init__(
        self, mapping: Mapping, placed: Placed, units: Units, *, zone: ZoneInfo, near: date
    ) -> None:
        self._units = units
        self._zone = zone
        self._from_zone = ZoneInfo(mapping.zone) if mapping.zone else zone
        self._reading = Reading(month_first=mapping.month_first, near=near)
        indexes = sorted(placed.indexes.items(), key=lambda item: item[0] not in WHEN_FOUND)
        self._columns = [
            (name, index, self._convert(name, mapping.words.get(name), placed))
            for name, index in indexes
        ]
        self._constants: dict[str, Any] = {
            name: self._convert(name, None, placed)(text)
            for name, text in mapping.constants.items()
        }
        self.without_place_on_map = 0

    def read(self, cells: Sequence[Cell]) -> LedgerRow:
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
        return self._assembled(said)

    # ------------------------------------------------------------ converting
    def _convert(self, name: str, words: Map[str, str] | None, placed: Placed) -> Convert:
        convert = self._plain_convert(name, placed.notes.get(name, ""))
        return partial(_translated, words, convert) if words else convert

    def _plain_convert(self, name: str, note: str) -> Convert:
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
            "budget": partial(values.money, unit=values.unit_of(note)),
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

    # ------------------------------------------------------------ assembling
    def _assembled(self, said: dict[str, Any]) -> LedgerRow:
        self._set_number(said)
        self._set_times(said)
        self._set_deadline(said)
        self._set_words(said)
        self._set_point(said)
        top = self._units.top.pk
        origin = said.pop("origin", None) or top
        owner = said.pop("unit", None) or origin
        told = {name: value for name, value in said.items() if value is not None}
        return LedgerRow(owner=owner, origin=origin, **told)

    def _set_number(self, said: dict[str, Any]) -> None:
        """A number of another series is what the office calls the hazard, not what we do."""
        number = said.get("number")
        if number and not OWN_NUMBER.fullmatch(number):
            del said["number"]
            said["source_ref"] = said.get("source_ref") or number

    def _set_times(self, said: dict[str, Any]) -> None:
        found, reported = said.get("found_date"), said.get("reported_at")
        if not isinstance(found, date):
            found = reported.date() if isinstance(reported, datetime) else None
        if found is None:
            raise RowRefused([Fault(NoDate(), "found_date")])
        if not isinstance(reported, datetime):
            reported = datetime.combine(found, time())
        said["found_date"], said["reported_at"] = found, self._local(reported)
        verified = said.get("verified_date")
        said["verified_date"] = verified if isinstance(verified, date) else None
        self._set_end(said)

    def _set_end(self, said: dict[str, Any]) -> None:
        ended, stage = said.pop("ended_at", None), said.get("stage")
        over = said.get("closed") or stage in _OVER
        if said.get("closed") is None and stage is None and isinstance(ended, datetime):
            said["closed"] = over = True
        if over and not isinstance(ended, datetime) and said["verified_date"]:
            ended = datetime.combine(said["verified_date"], time())
        said["ended_at"] = self._local(ended) if isinstance(ended, datetime) else None

    def _set_deadline(self, said: dict[str, Any]) -> None:
        deadline = said.pop("deadline", None)
        if deadline is Term.LONG:
            raise RowRefused([Fault(LongTerm(), "deadline")])
        if deadline is Term.AT_ONCE:
            said["deadline_date"] = said["found_date"]
        elif isinstance(deadline, datetime):
            if deadline.time() == time() and self._from_zone is self._zone:
                said["deadline_date"] = deadline.date()
                return
            if deadline.time() == time():
                deadline = deadline.replace(hour=23, minute=59, second=59)
            given = self._local(deadline)
            said["deadline_date"], said["deadline_time"] = given.date(), given.time()

    def _set_words(self, said: dict[str, Any]) -> None:
        said.setdefault("place", "")
        description = said.get("description", "")
        if not said.setdefault("title", "") and description:
            said["title"] = _first_words(description)
            if said["title"] == description:
                said["description"] = ""

    def _set_point(self, said: dict[str, Any]) -> None:
        """Coordinates that were rounded away or lie nowhere are worth less than none."""
        latitude, longitude = said.pop("latitude", None), said.pop("longitude", None)
        if latitude is None or longitude is None:
            self.without_place_on_map += 1
            return
        on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
        if not on_earth or places.is_rounded(latitude, longitude):
            self.without_place_on_map += 1
            return
        said["latitude"] = round(latitude, DEGREE_DIGITS)
        said["longitude"] = round(longitude, DEGREE_DIGITS)

    def _local(self, at: datetime) -> datetime:
        """The moment on the district's wall clock; a bare day begins where the file was written."""
        if at.tzinfo is None:
            at = at.replace(tzinfo=self._from_zone)
        return at if at.tzinfo is self._zone else at.astimezone(self._zone)


_NOTHING = values.NOTHING.fullmatch
_OVER = (Stage.CLOSED, Stage.RECHECKED, Stage.REJECTED)
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
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _count(cell: Cell) -> int:
    found = _number(cell)
    return int(found) if found and 0 < found < 1000 else 0


def _first_words(description: str) -> str:
    """The first sentence, or as much of it as makes a title."""
    first = description.replace("\n", " ")
    for mark in "。；;，,":
        head = first.split(mark, 1)[0].strip()
        if 6 <= len(head) <= TITLE_FROM_DESCRIPTION:
            return head
    return first if len(first) <= TITLE_FROM_DESCRIPTION else first[:TITLE_FROM_DESCRIPTION]
