"""Whether a year of holidays looks like one, before every deadline is worked out by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bihuan.core.holidays import PublishedDay, PublishedYear

SATURDAY = 5
# By so much a year may differ from the fewest and the most days of those that are known.
SLACK = 1.4


class Doubt(StrEnum):
    """What makes a year doubtful."""

    FESTIVAL_WORKED = "festival_worked"
    WEEKDAY_WORKED = "weekday_worked"
    FEW_DAYS_OFF = "few_days_off"
    MANY_DAYS_OFF = "many_days_off"
    MANY_WEEKENDS_WORKED = "many_weekends_worked"


@dataclass(frozen=True)
class Doubtful:
    """One thing that is not as it should be: the day, or how many instead of how many."""

    doubt: Doubt
    day: date | None = None
    name: str = ""
    count: int = 0
    usual: int = 0


@dataclass(frozen=True)
class Difference:
    """A day of which two versions of a year say something else; None where one does not name it."""

    day: date
    before: PublishedDay | None
    after: PublishedDay | None


def doubts(
    year: PublishedYear, *, law: PublishedYear | None, known: Iterable[PublishedYear]
) -> Iterator[Doubtful]:
    """What speaks against a year, beside the law's days of it and the years that are known."""
    off = {day.date for day in year.days if day.is_off}
    for day in law.days if law else ():
        if day.date not in off:
            yield Doubtful(Doubt.FESTIVAL_WORKED, day.date, day.name)
    for day in year.days:
        if not day.is_off and day.date.weekday() < SATURDAY:
            yield Doubtful(Doubt.WEEKDAY_WORKED, day.date, day.name)
    yield from _counted(year, [each for each in known if each.year != year.year])


def _counted(year: PublishedYear, known: list[PublishedYear]) -> Iterator[Doubtful]:
    if not known:
        return
    off, worked = _off(year), len(year.days) - _off(year)
    least, most = min(map(_off, known)), max(map(_off, known))
    longest = max(len(each.days) - _off(each) for each in known)
    if off < least / SLACK:
        yield Doubtful(Doubt.FEW_DAYS_OFF, count=off, usual=least)
    if off > most * SLACK:
        yield Doubtful(Doubt.MANY_DAYS_OFF, count=off, usual=most)
    if worked > longest * SLACK:
        yield Doubtful(Doubt.MANY_WEEKENDS_WORKED, count=worked, usual=longest)


def _off(year: PublishedYear) -> int:
    return sum(day.is_off for day in year.days)


def differences(before: PublishedYear | None, after: PublishedYear) -> Iterator[Difference]:
    """Each day that is not in both, or not the same, in the order of the days."""
    old = {day.date: day for day in before.days} if before else {}
    new = {day.date: day for day in after.days}
    for day in sorted({*old, *new}):
        if old.get(day) != new.get(day):
            yield Difference(day, old.get(day), new.get(day))
