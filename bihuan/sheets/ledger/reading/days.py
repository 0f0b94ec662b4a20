"""Parse the days in the cells of one file: when something began, is due, ended."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Map
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from bihuan.sheets import dates, values
from bihuan.sheets.dates import Reading, Term
from bihuan.sheets.ledger.reading import lists
from bihuan.sheets.ledger.reading.faults import LongTerm, SeveralDays
from bihuan.sheets.ledger.reading.notes import Aside, Note, NoteKind, in_remark
from bihuan.sheets.ledger.reading.words import plain
from bihuan.sheets.ledger.vocabulary import DAY, DEADLINE, Vocabulary
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused

_MOST_DAYS = 3650
_COUNT = re.compile(r"(\d{1,4})(?:\.0)?(?:个?(?:自然|日历)?[日天])?(?:之?内|以内)?")
_BESIDE = re.compile(r"[(（【\[]([^()（）【】\[\]\d０-９]*)[)）】\]]$")


class Days:
    """Parses the days of one file: in the order of its columns, near the time it is about.

    `columns` are the first values of each column that is read, `in_days` those of a deadline whose
    bare numbers count days.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Map[str, Sequence[Cell]],
        reading: Reading,
        *,
        in_days: Collection[str],
    ) -> None:
        self._near = reading.near
        self._in_days = in_days
        self._holds, self._begins = vocabulary.days, vocabulary.begins
        # A day must not be assigned to a wrong year: see `_with_year`.
        self._readings = {
            name: dates.with_order(
                columns.get(name, ()), reading._replace(near=None, months=holds == DEADLINE)
            )
            for name, holds in self._holds.items()
        }
        self._plainly = {
            name: lru_cache(values.REMEMBERED_CELLS, typed=True)(
                partial(self._plain, name, reading)
            )
            for name, reading in self._readings.items()
        }

    def read(self, name: str, row_values: Map[str, Any], cell: Cell) -> Any:
        """Return the day or instant in a cell of this field, given the row's other values."""
        if name in self._in_days and (count := _count_of(cell)):
            return self._after(name, count, row_values, cell)
        try:
            return self._plainly[name](cell)
        except CellRefused as refusal:
            if refusal.fault is CellFault.NO_YEAR:
                return self._with_year(name, row_values, cell, refusal)
            if self._is_due(name) and (several := lists.days_in(cell, partial(self._is_day, name))):
                raise SeveralDays(len(several)) from None
            if refusal.fault is CellFault.NOT_A_DATE and (parted := _without_words(cell)):
                return _with_remark(name, self.read(name, row_values, parted), values.text(cell))
            raise

    def day_found(self, row_values: Map[str, Any]) -> date | None:
        """Return the day on which it began, if the row has one so far."""
        for name in self._begins:
            at = row_values.get(name)
            if isinstance(at, datetime):
                return at.date()
            if isinstance(at, date):
                return at
        return None

    def _is_due(self, name: str) -> bool:
        return self._holds[name] == DEADLINE

    def _is_day(self, name: str, line: str) -> bool:
        try:
            return dates.moment(line, self._readings[name]) is not None
        except CellRefused as refusal:
            return refusal.fault in (CellFault.NO_YEAR, CellFault.NO_SUCH_DAY)

    def _after(self, name: str, count: int, row_values: Map[str, Any], cell: Cell) -> Any:
        found = self.day_found(row_values)
        if found is None:
            raise CellRefused(CellFault.NOT_A_DATE, values.short(values.text(cell)))
        at = datetime.combine(found + timedelta(days=count), datetime.min.time())
        return Aside(at, (Note(NoteKind.IN_DAYS, name),))

    def _with_year(
        self, name: str, row_values: Map[str, Any], cell: Cell, refusal: CellRefused
    ) -> Any:
        """Choose the year: a later day is near the day found, a day found near the time of the
        file.
        """
        found = self.day_found(row_values)
        near = found or (self._near if name in self._begins else None)
        if near is None:
            raise refusal
        at = self._read(name, cell, self._readings[name]._replace(near=near))
        if found or not isinstance(at, date):
            return at
        meaning = (at.date() if isinstance(at, datetime) else at).isoformat()
        return Aside(at, (Note(NoteKind.YEAR_ADDED, name, values.text(cell), meaning),))

    def _plain(self, name: str, reading: Reading, cell: Cell) -> Any:
        """Parse the cell alone, independent of the rest of its row."""
        at = self._read(name, cell, reading)
        if at is Term.LONG and self._is_due(name):
            raise LongTerm
        if at is Term.AT_ONCE and self._is_due(name):
            return Aside(at, (Note(NoteKind.AT_ONCE, name, values.text(cell)),))
        return at

    def _read(self, name: str, cell: Cell, reading: Reading) -> date | Term | None:
        read = dates.day if self._holds[name] == DAY else dates.moment
        return read(cell, reading)


def _with_remark(name: str, read: Any, words: str) -> Aside:
    value, notes = (read.value, read.notes) if isinstance(read, Aside) else (read, ())
    return Aside(value, (*notes, *in_remark(name, None, words).notes))


def _count_of(cell: Cell) -> int:
    """Return how many days the cell counts; 0 if it is something else."""
    if isinstance(cell, (str, int, float)) and not isinstance(cell, bool):
        found = _COUNT.fullmatch(plain(values.text(cell)))
        count = int(found[1]) if found else 0
        return count if count <= _MOST_DAYS else 0
    return 0


def _without_words(cell: Cell) -> str:
    """Return a day without the words in brackets after it, which must not name another day."""
    if not isinstance(cell, str):
        return ""
    clean = values.text(cell)
    found = _BESIDE.search(clean)
    return clean[: found.start()].strip() if found else ""
