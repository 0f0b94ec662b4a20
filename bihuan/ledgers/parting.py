"""Split a row that lists several matters in one cell into a row for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bihuan.sheets import values
from bihuan.sheets.ledger.reading import lists
from bihuan.sheets.ledger.reading.notes import Note, NoteKind
from bihuan.sheets.ledger.types import LedgerType, Parting
from bihuan.sheets.reader import Broken, Cell


@dataclass(frozen=True)
class RowSplitter:
    """Finds lists in the rows of one file, and splits them if requested."""

    indexes: Mapping[str, int]
    split: bool
    ledger: LedgerType[Any]

    @cached_property
    def field(self) -> str:
        return "description" if "description" in self.indexes else "title"

    def listed(self, cells: Sequence[Cell]) -> list[str]:
        """Return the matters that the row lists; empty if there is one only."""
        cell, parting = self._cell(cells, self.field), self.ledger.parting
        if parting is None or not lists.may_list(cell):
            return []
        return lists.listed(cell, [self._cell(cells, name) for name in parting.each])

    def parts(
        self, cells: Sequence[Cell], parting: Parting, listed: Sequence[str]
    ) -> Iterator[tuple[list[Cell], list[Note]]]:
        """Return the cells of each matter, and the notes on them."""
        count = len(listed)
        sum_ = self._sum(cells, parting.total)
        for at, matter in enumerate(listed):
            part = list(cells)
            part[self.indexes[self.field]] = matter
            for name in parting.each:
                index = self.indexes.get(name, len(part))
                if index < len(part):
                    part[index] = lists.part(part[index], at, count)
            notes = [Note(NoteKind.PARTED, self.field, str(count))] if at == 0 else []
            if sum_:
                # One sum for all of them: counted once, and noted on each.
                notes.append(Note(NoteKind.IN_REMARK, parting.total, f"{sum_}（{count}项合计）"))
                if at:
                    part[self.indexes[parting.total]] = ""
            yield part, notes

    def may_split(self, cells: Sequence[Cell]) -> bool:
        """Whether the row may be split; a row with one of our numbers is one matter."""
        number = self._cell(cells, "number")
        own = isinstance(number, str) and self.ledger.is_own_number(number.strip())
        return self.split and not own

    def _sum(self, cells: Sequence[Cell], total: str) -> str:
        cell = self._cell(cells, total)
        text = "" if isinstance(cell, Broken) else values.text(cell)
        return "" if values.NOTHING.fullmatch(text) else text

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        index = self.indexes.get(name, len(cells))
        return cells[index] if index < len(cells) else ""
