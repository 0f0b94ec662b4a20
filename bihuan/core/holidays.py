"""A year of holidays as published, in the holiday-cn file format, and calendars of several
years.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from bihuan.core.refusal import Refusal
from bihuan.core.workdays import WorkCalendar

EARLIEST, LATEST = 1949, 2200
LONGEST_NAME = 40


class YearNotPublished(Refusal):
    """The year of the file has not been published: the file has no days off."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


class Fault(StrEnum):
    """What is wrong with a file of holidays."""

    NOT_AN_OBJECT = "not_an_object"
    YEAR = "year"
    DAYS = "days"
    DAY = "day"
    OTHER_YEAR = "other_year"
    TWICE = "twice"


class BadHolidayFile(Refusal):
    """The file is not a year of holidays; `where` is the number of the day in it, from 1."""

    def __init__(self, fault: Fault, where: int = 0) -> None:
        super().__init__(fault, where)
        self.fault, self.where = fault, where


@dataclass(frozen=True, order=True)
class PublishedDay:
    """A published day: a day off, or a make-up workday."""

    date: date
    name: str
    is_off: bool

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "date": self.date.isoformat(), "isOffDay": self.is_off}


@dataclass(frozen=True)
class PublishedYear:
    """What was published for one year; it may include days of the preceding December."""

    year: int
    source: str
    days: tuple[PublishedDay, ...]

    def as_json(self) -> list[dict[str, object]]:
        return [day.as_json() for day in self.days]

    def digest(self) -> str:
        """Return a digest that is equal for equal days, regardless of the publisher."""
        text = json.dumps([self.year, self.as_json()], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def parse(content: object) -> PublishedYear:
    """Parse a decoded holiday-cn file; raise a refusal that says what is wrong with it."""
    if not isinstance(content, dict):
        raise BadHolidayFile(Fault.NOT_AN_OBJECT)
    year, days = content.get("year"), content.get("days")
    if not isinstance(year, int) or not EARLIEST <= year <= LATEST:
        raise BadHolidayFile(Fault.YEAR)
    if not isinstance(days, list):
        raise BadHolidayFile(Fault.DAYS)
    parsed = sorted(_day(day, year, where) for where, day in enumerate(days, start=1))
    if not any(day.is_off for day in parsed):
        raise YearNotPublished(year)
    for where, (day, following) in enumerate(pairwise(parsed), start=1):
        if day.date == following.date:
            raise BadHolidayFile(Fault.TWICE, where)
    return PublishedYear(year, _source(content.get("papers")), tuple(parsed))


def _day(content: object, year: int, where: int) -> PublishedDay:
    match content:
        case {"name": str(name), "date": str(text), "isOffDay": bool(is_off)}:
            pass
        case _:
            raise BadHolidayFile(Fault.DAY, where)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadHolidayFile(Fault.DAY, where) from None
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadHolidayFile(Fault.DAY, where)
    if day.year not in (year - 1, year):
        raise BadHolidayFile(Fault.OTHER_YEAR, where)
    return PublishedDay(day, name, is_off)


def _source(papers: object) -> str:
    return " ".join(str(paper) for paper in papers) if isinstance(papers, list) else ""


def assemble(jurisdiction: str, years: Iterable[PublishedYear]) -> WorkCalendar:
    """Combine several years into one calendar; if two include the same day, the later notice
    applies.
    """
    ordered = sorted(years, key=lambda published: published.year)
    days = {day.date: day for published in ordered for day in published.days}
    digests = "".join(published.digest() for published in ordered)
    return WorkCalendar(
        jurisdiction=jurisdiction,
        version=hashlib.sha256(digests.encode()).hexdigest()[:12],
        years=frozenset(published.year for published in ordered),
        off_days={day.date: day.name for day in days.values() if day.is_off},
        makeup_days={day.date: day.name for day in days.values() if not day.is_off},
    )
