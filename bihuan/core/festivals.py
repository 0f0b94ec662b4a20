"""The festivals that a law names for each year, and how far published breaks extend around them.

Both outlooks for a year that is not published yet are derived from these: see decision 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.core.holidays import PublishedDay, PublishedYear
from bihuan.core.workdays import ONE_DAY


@dataclass(frozen=True)
class Regulation:
    """The law in force from a year on: for each festival the first day off and the number of days.

    The first day is counted from the festival's own date: New Year's Eve is -1 of the lunar new
    year.
    """

    source: str
    from_year: int
    days: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Festivals:
    """The law of one jurisdiction, and the date of each festival in each year."""

    regulations: tuple[Regulation, ...]
    falls_on: Mapping[int, Mapping[str, date]]

    def law_of(self, year: int) -> Regulation | None:
        """Return the regulation in force in that year; None if the table does not cover it."""
        in_force = [each for each in self.regulations if each.from_year <= year]
        if year not in self.falls_on or not in_force:
            return None
        return max(in_force, key=lambda each: each.from_year)

    def shortest(self, year: int) -> PublishedYear | None:
        """Return the year with only the statutory days off: no bridge days, no make-up workdays."""
        return self._year(year, {})

    def longest(self, year: int, notices: Iterable[PublishedYear]) -> PublishedYear | None:
        """Return the year with every festival as long as the longest break in these notices."""
        return self._year(year, self.reaches(notices))

    def reaches(self, notices: Iterable[PublishedYear]) -> dict[str, tuple[int, int]]:
        """Return the earliest and latest day off, relative to the festival, in any of the
        notices.
        """
        reaches: dict[str, tuple[int, int]] = {}
        for notice in notices:
            for name, first, last in self._breaks(notice):
                least, most = reaches.get(name, (first, last))
                reaches[name] = min(least, first), max(most, last)
        return reaches

    def _breaks(self, notice: PublishedYear) -> Iterator[tuple[str, int, int]]:
        """Return the break around each festival; if two meet, a day belongs to the nearer one."""
        law = self.law_of(notice.year)
        if law is None:
            return
        off = {day.date for day in notice.days if day.is_off}
        blocks = {name: self._block(law, name, notice.year) for name in law.days}
        for name, block in blocks.items():
            own = {
                day
                for day in off
                if _distance(day, block) == min(_distance(day, each) for each in blocks.values())
            }
            first, last = block[0], block[-1]
            while first - ONE_DAY in own:
                first -= ONE_DAY
            while last + ONE_DAY in own:
                last += ONE_DAY
            falls_on = self.falls_on[notice.year][name]
            yield name, (first - falls_on).days, (last - falls_on).days

    def _block(self, law: Regulation, name: str, year: int) -> list[date]:
        first, count = law.days[name]
        falls_on = self.falls_on[year][name]
        return [falls_on + timedelta(days=first + n) for n in range(count)]

    def _year(self, year: int, reaches: Mapping[str, tuple[int, int]]) -> PublishedYear | None:
        law = self.law_of(year)
        if law is None:
            return None
        names: dict[date, list[str]] = {}
        for name in law.days:
            block = self._block(law, name, year)
            falls_on = self.falls_on[year][name]
            before, after = reaches.get(name, (0, 0))
            first = min(block[0], falls_on + timedelta(days=before))
            last = max(block[-1], falls_on + timedelta(days=after))
            for offset in range((last - first).days + 1):
                names.setdefault(first + timedelta(days=offset), []).append(name)
        days = (PublishedDay(day, "、".join(named), True) for day, named in names.items())
        return PublishedYear(year, law.source, tuple(sorted(days)))


def _distance(day: date, block: list[date]) -> int:
    """Return how many days the day is before or after these; 0 if it is one of them."""
    if block[0] <= day <= block[-1]:
        return 0
    return min(abs((day - block[0]).days), abs((day - block[-1]).days))


def read(content: Mapping[str, Any]) -> Festivals:
    """Parse a decoded `festivals.toml`; an error in it stops the program at its start."""
    regulations = tuple(
        Regulation(
            source=str(each["source"]),
            from_year=int(each["from_year"]),
            days={
                str(name): (int(first), int(count)) for name, (first, count) in each["days"].items()
            },
        )
        for each in content["regulation"]
    )
    names = [str(name) for name in content["table"]["names"]]
    falls_on = {
        int(year): {
            name: date.fromisoformat(f"{year}-{day}") for name, day in zip(names, days, strict=True)
        }
        for year, days in content["table"]["years"].items()
    }
    return Festivals(regulations, falls_on)
