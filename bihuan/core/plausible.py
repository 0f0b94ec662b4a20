"""Check whether a year of holidays is plausible before deadlines are calculated with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bihuan.core.holidays import PublishedDay, PublishedYear

SATURDAY = 5
# By how much a year may differ from the smallest and largest number of days in known years.
SLACK = 1.4


class Doubt(StrEnum):
    """What makes a year implausible."""

    FESTIVAL_WORKED = "festival_worked"
    WEEKDAY_WORKED = "weekday_worked"
    FEW_DAYS_OFF = "few_days_off"
    MANY_DAYS_OFF = "many_days_off"
    MANY_WEEKENDS_WORKED = "many_weekends_worked"


@dataclass(frozen=True)
class Doubtful:
    """One implausible point: the day, or the actual and expected numbers."""

    doubt: Doubt
    day: date | None = None
    name: str = ""
    count: int = 0
    usual: int = 0


@dataclass(frozen=True)
class Difference:
    """A day on which two versions of a year differ; None if one does not include it."""

    day: date
    before: PublishedDay | None
    after: PublishedDay | None


def doubts(
    year: PublishedYear, *, law: PublishedYear | None, known: Iterable[PublishedYear]
) -> Iterator[Doubtful]:
    """Return the reasons to doubt a year, given the statutory days and the known years."""
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
    """Return each day that is missing from one version or differs, in order."""
    old = {day.date: day for day in before.days} if before else {}
    new = {day.date: day for day in after.days}
    for day in sorted({*old, *new}):
        if old.get(day) != new.get(day):
            yield Difference(day, old.get(day), new.get(day))
