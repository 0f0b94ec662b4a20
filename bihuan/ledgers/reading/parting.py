"""Parts a row that lists several hazards in one cell into a row for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bihuan.hazards.ledger import OWN_NUMBER
from bihuan.ledgers.reading import lists
from bihuan.ledgers.reading.notes import Note, NoteKind
from bihuan.sheets import values
from bihuan.sheets.reader import Broken, Cell

EACH = ("measures", "deadline", "contingency", "progress")
"""Fields that list as many items as there are hazards, or say one thing of all."""


@dataclass(frozen=True)
class Parting:
    """Finds lists in the rows of one file, and parts them if that was asked for."""

    indexes: Mapping[str, int]
    split: bool

    @cached_property
    def field(self) -> str:
        return "description" if "description" in self.indexes else "title"

    def listed(self, cells: Sequence[Cell]) -> list[str]:
        """The hazards that the row lists; none if it speaks of one."""
        cell = self._cell(cells, self.field)
        if not lists.may_list(cell):
            return []
        return lists.listed(cell, [self._cell(cells, name) for name in EACH])

    def parts(
        self, cells: Sequence[Cell], hazards: Sequence[str]
    ) -> Iterator[tuple[list[Cell], list[Note]]]:
        """The cells of each hazard, and what is to be said of them."""
        count = len(hazards)
        sum_ = self._sum(cells)
        for at, hazard in enumerate(hazards):
            part = list(cells)
            part[self.indexes[self.field]] = hazard
            for name in EACH:
                index = self.indexes.get(name, len(part))
                if index < len(part):
                    part[index] = lists.part(part[index], at, count)
            notes = [Note(NoteKind.PARTED, self.field, str(count))] if at == 0 else []
            if sum_:
                # One sum for all of them: counted once, and said of each.
                notes.append(Note(NoteKind.IN_REMARK, "budget", f"{sum_}（{count}项合计）"))
                if at:
                    part[self.indexes["budget"]] = ""
            yield part, notes

    def may_part(self, cells: Sequence[Cell]) -> bool:
        """Whether to; a case that has a number here is one case."""
        number = self._cell(cells, "number")
        return self.split and not (isinstance(number, str) and OWN_NUMBER.fullmatch(number.strip()))

    def _sum(self, cells: Sequence[Cell]) -> str:
        cell = self._cell(cells, "budget")
        said = "" if isinstance(cell, Broken) else values.text(cell)
        return "" if values.NOTHING.fullmatch(said) else said

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        index = self.indexes.get(name, len(cells))
        return cells[index] if index < len(cells) else ""
