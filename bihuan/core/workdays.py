"""Working days as published, or as an outlook (`core.outlook`) for a year to come.

A year that the calendar does not cover is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.core.refusal import Refusal

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class YearNotLoaded(Refusal):
    """The holidays of that year are not loaded, and there is no outlook for it either."""

    def __init__(self, year: int, jurisdiction: str = "") -> None:
        super().__init__(year, jurisdiction)
        self.year, self.jurisdiction = year, jurisdiction


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """The days off and make-up workdays (调休) of some years, as published or as expected."""

    jurisdiction: str
    version: str
    years: frozenset[int]
    off_days: Mapping[date, str]
    makeup_days: Mapping[date, str]
    # From here on the days are those of a year that is not loaded; None if all are published.
    open_from: date | None = None

    def is_open(self, day: date) -> bool:
        """Whether a notice that is not loaded yet may still change that day."""
        return self.open_from is not None and day >= self.open_from

    def is_workday(self, day: date) -> bool:
        self._require(day)
        if day in self.makeup_days:
            return True
        return day.weekday() < SATURDAY and day not in self.off_days

    def is_statutory_holiday(self, day: date) -> bool:
        """Whether the day is in a published holiday; an ordinary weekend is not."""
        self._require(day)
        return day in self.off_days

    def add_workdays(self, start: date, count: int) -> date:
        """Return the working day with that number; the start is not counted (CAL-2)."""
        if count < 1:
            raise ValueError("working days are counted from 1")
        day = start
        while count:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def _require(self, day: date) -> None:
        if day.year not in self.years:
            raise YearNotLoaded(day.year, self.jurisdiction)


NO_CALENDAR = WorkCalendar("", "", frozenset(), {}, {})
