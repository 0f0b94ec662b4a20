"""Suppression in published tables: numbers below five, and those that would reveal them.

A reader knows the total, every number that is shown, and these rules. What follows from that for
the other numbers must leave each small number as uncertain as its mark says.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 5
# How many values a withheld number must be able to have at least.
UNCERTAIN = LEAST - 1
_ANY = 10**12

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Cell:
    """A number of the table, and its possible range once it is withheld."""

    value: int
    least: int
    most: int
    is_small: bool


def count(value: int) -> Cell:
    """Return a count. “<5” means one to four; 0 reveals nothing about anyone."""
    if 0 < value < LEAST:
        return Cell(value, 1, LEAST - 1, True)
    return Cell(value, LEAST, _ANY, False) if value else Cell(0, 0, 0, False)


def part(value: int, whole: int) -> Cell:
    """Return a part of a shown number: its complement can be calculated, and is as sensitive."""
    return Cell(value, 0, whole, 0 < value < LEAST or 0 < whole - value < LEAST)


@dataclass(frozen=True)
class Suppressed(Generic[K]):
    """Which cells are withheld, and whether the total must be withheld as well."""

    withheld: frozenset[K]
    total: bool


def suppress(cells: Mapping[K, Cell]) -> Suppressed[K]:
    """Withhold the small cells, and as few others as are needed to protect them.

    Of the others, the smallest sufficient one is withheld, since it is the least useful; if all of
    them together would not suffice, the total is withheld instead.
    """
    withheld = [key for key, cell in cells.items() if cell.is_small]
    others = sorted(
        (key for key, cell in cells.items() if not cell.is_small and cell.least < cell.most),
        key=lambda key: cells[key].value,
    )
    small = frozenset(withheld)
    while not _hidden([cells[key] for key in withheld]):
        if not others:
            return Suppressed(small, total=True)
        enough = (n for n, key in enumerate(others) if _hidden(_of(cells, [*withheld, key])))
        withheld.append(others.pop(next(enough, -1)))
    return Suppressed(frozenset(withheld), total=False)


def _of(cells: Mapping[K, Cell], keys: Iterable[K]) -> list[Cell]:
    return [cells[key] for key in keys]


def _hidden(withheld: list[Cell]) -> bool:
    """Whether the sum of the withheld cells, which a reader can calculate, reveals none of them."""
    rest = sum(cell.value for cell in withheld)
    least = sum(cell.least for cell in withheld)
    most = sum(cell.most for cell in withheld)
    bounds = {(cell.least, cell.most) for cell in withheld if cell.is_small}
    return all(_is_uncertain(low, high, rest, least, most) for low, high in bounds)


def _is_uncertain(low: int, high: int, rest: int, least: int, most: int) -> bool:
    lowest = max(low, rest - (most - high))
    highest = min(high, rest - (least - low))
    return highest - lowest + 1 >= min(UNCERTAIN, high - low + 1)
