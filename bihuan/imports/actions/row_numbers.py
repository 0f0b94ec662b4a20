"""The numbers that an import assigns to its rows, and those that a file contains.

A number in a file never affects the series: a number that was not assigned here is the source's
own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bihuan.cases.actions import loop
from bihuan.cases.models import Numbering
from bihuan.imports.known import held_by
from bihuan.journal.models import Chain
from bihuan.sheets.ledger.rows import Judged


class RowNumbers:
    """Numbers of one import's new rows; stores which it assigned, as ranges."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._ranges: list[tuple[str, int, int]] = []

    def give(self, rows: Sequence[tuple[str, int]]) -> list[str]:
        """Assign a number to each row: its own if it has one, else the next of its year."""
        free = Counter(year for number, year in rows if not number)
        given = loop.next_numbers(self._kind, free)
        for numbers in given.values():
            series, _, first = numbers[0].rpartition("-")
            self._ranges.append((series, int(first), int(first) + len(numbers) - 1))
        blocks = {year: iter(numbers) for year, numbers in given.items()}
        return [number or next(blocks[year]) for number, year in rows]

    def count(self) -> int:
        """Return how many ranges were assigned so far."""
        return len(self._ranges)

    def forget(self, count: int) -> None:
        """Drop the ranges after the first ones: they were assigned in vain and may be taken by
        others.
        """
        del self._ranges[count:]

    def gave(self, number: str) -> bool:
        """Whether this import assigned the number to one of its rows."""
        series, _, counted = number.rpartition("-")
        return any(
            series == given and first <= int(counted) <= last for given, first, last in self._ranges
        )


def as_known(rows: Sequence[Judged[Any]], saw: Callable[[str], object]) -> Sequence[Judged[Any]]:
    """Return the rows, identified by number if it is a case's here, or was assigned here and is
    free; any other number is kept as the source's.

    `saw` is called with the other key of a row then.
    """
    numbers = [each.number for each in rows if each.number]
    if not numbers:
        return rows
    ours = set(held_by("number", numbers))
    ours |= _given_out_and_free([number for number in numbers if number not in ours])
    others = {each.number: _by_reference(each) for each in rows if each.number}
    stored = held_by("source_key", [each.key for each in others.values()])
    of_others = {n for n, each in others.items() if n not in ours or each.key in stored}
    for number in of_others:
        saw(others[number].key)
    return [others[each.number] if each.number in of_others else each for each in rows]


def _by_reference(judged: Judged[Any]) -> Judged[Any]:
    row = judged.given.content
    row = row._replace(number="", source_ref=row.source_ref or row.number)
    return judged._replace(given=judged.given._replace(content=row), key=row.key(), number="")


def _given_out_and_free(numbers: Sequence[str]) -> set[str]:
    """Return numbers that were assigned before and of which nothing remains, not even in the
    journal.
    """
    parted = [(number, *number.rpartition("-")[::2]) for number in numbers]
    series = {name for _, name, _ in parted}
    last = dict(Numbering.objects.filter(series__in=series).values_list("series", "last"))
    given = {number for number, name, count in parted if int(count) <= last.get(name, 0)}
    subjects = {f"case/{number}": number for number in given}
    journaled = Chain.objects.filter(subject__in=subjects).values_list("subject", flat=True)
    return given - {subjects[subject] for subject in journaled}
