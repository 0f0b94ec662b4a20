"""Merged cells: over several rows, only the uppermost holds the value of all of them."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

BLANK = ""
# Headers are searched for in the first rows only.
ACROSS_WITHIN = 40


@dataclass(slots=True)
class Merged:
    """The ranges merged over several rows, uppermost first."""

    column: "array[int]" = field(default_factory=lambda: array("I"))
    first: "array[int]" = field(default_factory=lambda: array("I"))
    last: "array[int]" = field(default_factory=lambda: array("I"))
    across: dict[int, dict[int, int]] = field(default_factory=dict)
    """The columns merged with cells to their left, in the first rows: each with the first one."""

    def add(self, column: int, first: int, last: int) -> None:
        self.column.append(column)
        self.first.append(first)
        self.last.append(last)

    def add_across(self, row: int, first: int, last: int) -> None:
        if last > first and row <= ACROSS_WITHIN:
            columns = range(first + 1, last + 1)
            self.across.setdefault(row, {}).update(dict.fromkeys(columns, first))

    def by_row(self) -> Iterator[tuple[int, int, int]]:
        """First row, last row, column."""
        for at in sorted(range(len(self.first)), key=self.first.__getitem__):
            yield self.first[at], self.last[at], self.column[at]


class Above:
    """The values of cells merged with cells above, row by row."""

    def __init__(self, merged: Merged) -> None:
        self._coming = merged.by_row()
        self._next = next(self._coming, None)
        self._open: list[tuple[int, int, int, object]] = []

    def said(self, row: int, cells: Sequence[object]) -> list[tuple[int, int, object]]:
        """For each column that a merged cell from above reaches into: its row and value."""
        if self._open:
            self._open = [each for each in self._open if each[0] >= row]
        parts = [(column, first, value) for _last, column, first, value in self._open]
        while self._next is not None and self._next[0] <= row:
            first, last, column = self._next
            value = cells[column] if column < len(cells) else BLANK
            if first == row and value != BLANK:
                self._open.append((last, column, first, value))
            self._next = next(self._coming, None)
        return parts
