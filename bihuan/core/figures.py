"""The measures of a unit: answered in time, solved, and confirmed by the reporter (boundary, 6).

How many people complained, or how high they went, is never a measure: counts appear only as the
sample size of a percentage.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from bihuan.core import suppression
from bihuan.core.suppression import LEAST, Suppressed

K = TypeVar("K", bound=Hashable)


class Mark(Enum):
    """Shown in place of a number that is not published."""

    SMALL = "small"  # one to four
    WITHHELD = "withheld"  # it would reveal a small number


Shown = int | Mark


@dataclass(frozen=True)
class Sums:
    """The counts. `settled` are those that were answered or are overdue."""

    settled: int = 0
    in_time: int = 0
    answered: int = 0
    rated: int = 0
    solved: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, ...]:
        return (self.settled, self.in_time, self.answered, self.rated, self.solved)


@dataclass(frozen=True)
class Line:
    """One row of a table of figures: sample sizes, and the shares in whole percent."""

    settled: Shown
    in_time: int | None
    answered: Shown
    response: int | None
    rated: Shown
    solved: int | None

    @property
    def shows_days(self) -> bool:
        """Whether the median may be shown: its sample is."""
        return isinstance(self.answered, int) and self.answered > 0


@dataclass(frozen=True)
class Published(Generic[K]):
    """A table that may be published: its rows and the row of totals."""

    lines: dict[K, Line]
    total: Line


def exact(sums: Sums) -> Line:
    """Return the row without suppression, for readers who may see every case behind it."""
    return _line(sums, sums.settled, sums.answered, sums.rated, shows_solved=True)


def publish(rows: Mapping[K, Sums]) -> Published[K]:
    """Return the table without small numbers and without anything from which they could be
    calculated.
    """
    settled = suppression.suppress({key: suppression.count(s.settled) for key, s in rows.items()})
    answered = suppression.suppress({key: suppression.count(s.answered) for key, s in rows.items()})
    rated = suppression.suppress({key: suppression.count(s.rated) for key, s in rows.items()})
    # A percentage of a shown number reveals the numbers of yes and no.
    details = {
        key: suppression.part(s.solved, s.rated)
        for key, s in rows.items()
        if key not in rated.withheld
    }
    solved = suppression.suppress(details)
    lines = {
        key: _line(
            sums,
            _shown(sums.settled, key, settled),
            _shown(sums.answered, key, answered),
            _shown(sums.rated, key, rated),
            shows_solved=key in details and key not in solved.withheld,
        )
        for key, sums in rows.items()
    }
    whole = sum(rows.values(), Sums())
    total = _line(
        whole,
        _total(whole.settled, settled),
        _total(whole.answered, answered),
        _total(whole.rated, rated),
        shows_solved=not solved.total and not suppression.part(whole.solved, whole.rated).is_small,
    )
    return Published(lines, total)


def alone(value: int) -> Shown:
    """Return a number that is not part of a sum."""
    return Mark.SMALL if 0 < value < LEAST else value


def median(days: Mapping[int, int]) -> float | None:
    """Return the median of values with their frequencies; None if there are none."""
    total = sum(days.values())
    if not total:
        return None
    middle = [(total - 1) // 2, total // 2]
    found: list[int] = []
    passed = 0
    for length in sorted(days):
        passed += days[length]
        while len(found) < 2 and middle[len(found)] < passed:
            found.append(length)
    return sum(found) / 2


def percent(part: int, whole: int) -> int | None:
    """Return the share in whole percent, rounded half up; less than the whole is never 100."""
    if not whole:
        return None
    rounded = (200 * part + whole) // (2 * whole)
    if 0 < part < whole:
        return min(max(rounded, 1), 99)
    return rounded


def _shown(value: int, key: K, suppressed: Suppressed[K]) -> Shown:
    if 0 < value < LEAST:
        return Mark.SMALL
    return Mark.WITHHELD if key in suppressed.withheld else value


def _total(value: int, suppressed: Suppressed[K]) -> Shown:
    return Mark.WITHHELD if suppressed.total and value >= LEAST else alone(value)


def _line(sums: Sums, settled: Shown, answered: Shown, rated: Shown, *, shows_solved: bool) -> Line:
    both = isinstance(answered, int) and isinstance(rated, int)
    return Line(
        settled=settled,
        in_time=percent(sums.in_time, sums.settled) if isinstance(settled, int) else None,
        answered=answered,
        response=percent(sums.rated, sums.answered) if both else None,
        rated=rated,
        solved=percent(sums.solved, sums.rated)
        if shows_solved and isinstance(rated, int)
        else None,
    )
