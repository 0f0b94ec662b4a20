"""The numbers that an import gives to its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bihuan.cases.actions import loop
from bihuan.cases.models import Numbering


class RowNumbers:
    """Numbers of one import's new rows; it remembers which it gave out, as ranges."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._ranges: list[tuple[str, int, int]] = []

    def give(self, rows: Sequence[tuple[str, int]]) -> list[str]:
        """A number for each row: its own where the file brings one, else the next of its year."""
        _skip_past([number for number, _ in rows if number])
        free = Counter(year for number, year in rows if not number)
        given = loop.next_numbers(self._kind, free)
        for numbers in given.values():
            series, _, first = numbers[0].rpartition("-")
            self._ranges.append((series, int(first), int(first) + len(numbers) - 1))
        blocks = {year: iter(numbers) for year, numbers in given.items()}
        return [number or next(blocks[year]) for number, year in rows]

    def count(self) -> int:
        """How many ranges were given out so far."""
        return len(self._ranges)

    def forget(self, count: int) -> None:
        """Those after the first so many were given in vain: others have them now."""
        del self._ranges[count:]

    def gave(self, number: str) -> bool:
        """Whether this import gave the number to one of its rows."""
        series, _, counted = number.rpartition("-")
        return any(
            series == given and first <= int(counted) <= last for given, first, last in self._ranges
        )


def _skip_past(numbers: Sequence[str]) -> None:
    """Numbers that a file brings are never given out again."""
    last: dict[str, int] = {}
    for number in numbers:
        series, _, counted = number.rpartition("-")
        last[series] = max(last.get(series, 0), int(counted))
    for series, highest in last.items():
        Numbering.objects.get_or_create(series=series)
        Numbering.objects.filter(series=series, last__lt=highest).update(last=highest)
