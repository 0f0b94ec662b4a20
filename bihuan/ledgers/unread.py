"""The columns of a file that are not read, each with its first values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bihuan.ledgers.mapping import Placed
from bihuan.sheets.columns import Role, letters
from bihuan.sheets.reader import Cell
from bihuan.sheets.values import short, written

SAMPLES = 3


def sample(cell: Cell) -> str:
    """Return the cell as it may be shown: short, and without personal data."""
    return short(" ".join(written(cell).split()))


class Unread:
    """Collects them row by row. A column of which enough is known costs nothing more."""

    def __init__(self, placed: Placed) -> None:
        self._columns = {column.index: column for column in placed.columns}
        used = {*placed.indexes.values(), *(column.index for column in placed.left_out)}
        self._open = tuple(index for index in self._columns if index not in used)
        self._width = len(placed.columns)
        self._samples: dict[int, list[str]] = {}
        # In such a table, a column without a header may be about a person.
        self._shows_untitled = not placed.left_out

    def see(self, cells: Sequence[Cell]) -> None:
        """Look at one row."""
        width = len(cells)
        if width > self._width:
            self._open = (*self._open, *range(self._width, width))
            self._width = width
        for index in self._open:
            if index < width and (cell := cells[index]) != "":
                self._keep(index, cell)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the columns that are not empty, in their order."""
        return [
            {
                "title": self._title(index),
                "letter": letters(index),
                "samples": samples if self._may_be_shown(index) else [],
                "is_serial": self._is_serial(index),
            }
            for index, samples in sorted(self._samples.items())
        ]

    def _keep(self, index: int, cell: Cell) -> None:
        found = self._samples.setdefault(index, [])
        shown = sample(cell)
        if shown and shown not in found:
            found.append(shown)
        if len(found) == SAMPLES:
            self._open = tuple(each for each in self._open if each != index)

    def _title(self, index: int) -> str:
        column = self._columns.get(index)
        return column.title if column and column.title else f"[{letters(index)}]"

    def _may_be_shown(self, index: int) -> bool:
        column = self._columns.get(index)
        return self._shows_untitled or bool(column and column.title)

    def _is_serial(self, index: int) -> bool:
        column = self._columns.get(index)
        return column is not None and column.role is Role.SERIAL
