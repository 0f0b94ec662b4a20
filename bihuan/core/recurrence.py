"""When a plan's inspections are due: from a plain choice to windows, each with its days.

A choice is kept as a recurrence rule of RFC 5545, which `python-dateutil` reads. What no such rule
can say, the days before a long holiday, is read from the published calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from dateutil.rrule import rrulestr

from bihuan.core.refusal import Refusal
from bihuan.core.workdays import ONE_DAY, SATURDAY, WorkCalendar

LONGEST_RULE = 120
# Windows that are computed at once, and how far from the first day of the rule.
MOST_WINDOWS = 400
LONGEST_PERIOD = timedelta(days=366 * 10)
MOST_DAYS = 366
# A break of this many days or more is a long holiday (长假); of three, any holiday (小长假).
SHORT_BREAK, LONG_BREAK = 3, 5
# The shortest month: on a later day of the month, the rule takes the last one there is.
ALWAYS_THERE = 28


class Every(StrEnum):
    """How often a plan's inspections are due, as an officer chooses it."""

    ONCE = "once"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TERM = "term"
    LONG_HOLIDAY = "long_holiday"
    ANY_HOLIDAY = "any_holiday"


HOLIDAYS: Mapping[Every, int] = MappingProxyType(
    {Every.LONG_HOLIDAY: LONG_BREAK, Every.ANY_HOLIDAY: SHORT_BREAK}
)
# No window before a break, nor the one before it, begins further away than this.
_AROUND = timedelta(days=90)
# School terms begin in these months (学期); the day is that of the plan's first window.
TERMS = (3, 9)
# A window may be as long as this; two windows of a plan never overlap.
LONGEST: Mapping[Every, int] = MappingProxyType(
    {
        Every.ONCE: MOST_DAYS,
        Every.WEEK: 7,
        Every.MONTH: 28,
        Every.QUARTER: 89,
        Every.HALF_YEAR: 181,
        Every.YEAR: 365,
        Every.TERM: 180,
        Every.LONG_HOLIDAY: 14,
        Every.ANY_HOLIDAY: 14,
    }
)


class RuleRefused(Refusal):
    """The rule is none that a plan can follow."""


class WindowTooLong(Refusal):
    """The days to complete reach into the next window; `most` is the highest number."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True, order=True)
class Window:
    """The first day of a round of inspections, and the last on which they are in time."""

    start_date: date
    complete_date: date


@dataclass(frozen=True)
class Recurrence:
    """What a plan states about time: how often, from when until when, and with how many days."""

    every: Every
    start_date: date
    days: int
    end_date: date | None = None
    working_days_only: bool = False

    def __post_init__(self) -> None:
        most = LONGEST[self.every]
        if not 1 <= self.days <= most:
            raise WindowTooLong(most)
        if self.end_date is not None and self.end_date < self.start_date:
            raise RuleRefused("end")

    @property
    def rule(self) -> str:
        """The rule as RFC 5545 writes it; empty where the holidays decide."""
        return rule_of(self.every, self.start_date)

    def windows(self, first: date, last: date, calendar: WorkCalendar) -> list[Window]:
        """Return the windows that begin within these days, first and last included.

        Days of years that the calendar does not know count as it does any ordinary week.
        """
        if last - first > LONGEST_PERIOD:
            raise RuleRefused("period")
        if self.every in HOLIDAYS:
            found = self._before_holidays(first, last, calendar)
        else:
            found = self._by_rule(first, last, calendar)
        kept = (each for each in found if first <= each.start_date <= last and self._runs(each))
        return sorted(set(kept))[:MOST_WINDOWS]

    def _runs(self, window: Window) -> bool:
        until = self.end_date or date.max
        return self.start_date <= window.start_date <= until

    def _by_rule(self, first: date, last: date, calendar: WorkCalendar) -> Iterator[Window]:
        # A window that begins on the next working day may belong to a day of the rule before.
        since = max(self.start_date, first - timedelta(days=LONGEST[Every.MONTH]))
        for day in days_of(self.rule, self.start_date, since, last):
            start = _first_working(day, calendar) if self.working_days_only else day
            # A week with no working day has no window.
            if (start - day).days < LONGEST[self.every]:
                yield Window(start, self._complete(start, day, calendar))

    def _complete(self, start: date, day: date, calendar: WorkCalendar) -> date:
        """Return the last day; it never reaches the next day of the rule."""
        if not self.working_days_only:
            return start + timedelta(days=self.days - 1)
        ending = start
        for _ in range(self.days - 1):
            ending = _first_working(ending + ONE_DAY, calendar)
        return max(start, min(ending, day + timedelta(days=LONGEST[self.every] - 1)))

    def _before_holidays(self, first: date, last: date, calendar: WorkCalendar) -> Iterator[Window]:
        """Before each break, the days to complete end with the last working day."""
        ended = date.min
        for begins, length in breaks(calendar, first - _AROUND, last + _AROUND):
            if length < HOLIDAYS[self.every]:
                continue
            complete = _last_working(begins - ONE_DAY, calendar)
            # Two breaks in a row: the window of the second begins after that of the first.
            yield Window(max(self._back(complete, calendar), ended + ONE_DAY), complete)
            ended = complete

    def _back(self, complete: date, calendar: WorkCalendar) -> date:
        if not self.working_days_only:
            return complete - timedelta(days=self.days - 1)
        start = complete
        for _ in range(self.days - 1):
            start = _last_working(start - ONE_DAY, calendar)
        return start


# -------------------------------------------------------------------- RFC 5545
def rule_of(every: Every, start_date: date) -> str:
    """Return the recurrence rule for a choice, beginning on that day."""
    on = _on_day(start_date.day)
    match every:
        case Every.ONCE:
            return "FREQ=DAILY;COUNT=1"
        case Every.WEEK:
            return "FREQ=WEEKLY"
        case Every.MONTH:
            return f"FREQ=MONTHLY;{on}"
        case Every.QUARTER:
            return f"FREQ=MONTHLY;INTERVAL=3;{on}"
        case Every.HALF_YEAR:
            return f"FREQ=MONTHLY;INTERVAL=6;{on}"
        case Every.YEAR:
            return f"FREQ=MONTHLY;INTERVAL=12;{on}"
        case Every.TERM:
            months = ",".join(map(str, TERMS))
            return f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY=1"
        case _:
            return ""


def _on_day(day: int) -> str:
    """The day of the month, or the last one of a month that does not have it."""
    if day <= ALWAYS_THERE:
        return f"BYMONTHDAY={day}"
    days = ",".join(map(str, range(ALWAYS_THERE, day + 1)))
    return f"BYMONTHDAY={days};BYSETPOS=-1"


_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_NUMBERS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "INTERVAL": (1, 366),
        "COUNT": (1, MOST_WINDOWS),
        "BYMONTH": (1, 12),
        "BYMONTHDAY": (-31, 31),
        "BYSETPOS": (-31, 31),
    }
)
_WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_MOST_NUMBERS = 31
_NUMBER = re.compile(r"-?[1-9][0-9]{0,2}")


def require_plain(rule: str) -> str:
    """Return the rule if it recurs by days, weeks, months or years, and is bounded; refuse any
    other, such as one that recurs each second.
    """
    if len(rule) > LONGEST_RULE or not rule.isascii():
        raise RuleRefused("length")
    parts = [part.partition("=") for part in rule.split(";")]
    given = {name: value for name, _, value in parts}
    if len(given) != len(parts) or given.get("FREQ") not in _FREQUENCIES:
        raise RuleRefused("frequency")
    for name, value in given.items():
        _require_part(name, value)
    return rule


def _require_part(name: str, value: str) -> None:
    parts = value.split(",")
    if name == "FREQ":
        plain = True
    elif name == "BYDAY":
        plain = set(parts) <= _WEEKDAYS
    else:
        plain = name in _NUMBERS and len(parts) <= _MOST_NUMBERS
        plain = plain and all(_is_number(part, *_NUMBERS[name]) for part in parts)
    if not plain:
        raise RuleRefused(name)


def _is_number(text: str, least: int, most: int) -> bool:
    """Whether the text is a number between these, and not 0."""
    return _NUMBER.fullmatch(text) is not None and least <= int(text) <= most


def days_of(rule: str, start_date: date, first: date, last: date) -> list[date]:
    """Return the days of a rule that starts on that day, within these days."""
    if first > last:
        return []
    beginning = _midnight(start_date)
    recurring = rrulestr(require_plain(rule), dtstart=beginning)
    found: list[date] = []
    for each in recurring.xafter(_midnight(first), inc=True):
        if each.date() > last or len(found) >= MOST_WINDOWS:
            break
        found.append(each.date())
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


# -------------------------------------------------------------------- calendar
def breaks(calendar: WorkCalendar, first: date, last: date) -> Iterator[tuple[date, int]]:
    """Yield each run of days off with a published holiday in it: its first day and length."""
    off = [day for day in calendar.off_days if first <= day <= last]
    seen = date.min
    for day in sorted(off):
        if day <= seen:
            continue
        begins, ends = day, day
        while not _is_working(begins - ONE_DAY, calendar):
            begins -= ONE_DAY
        while not _is_working(ends + ONE_DAY, calendar):
            ends += ONE_DAY
        seen = ends
        yield begins, (ends - begins).days + 1


def _is_working(day: date, calendar: WorkCalendar) -> bool:
    """An ordinary week where no year is loaded."""
    if day.year in calendar.years:
        return calendar.is_workday(day)
    return day in calendar.makeup_days or (
        day.weekday() < SATURDAY and day not in calendar.off_days
    )


def _first_working(day: date, calendar: WorkCalendar) -> date:
    while not _is_working(day, calendar):
        day += ONE_DAY
    return day


def _last_working(day: date, calendar: WorkCalendar) -> date:
    while not _is_working(day, calendar):
        day -= ONE_DAY
    return day


def overlap(windows: list[Window]) -> bool:
    """Whether a window begins before the one before it is complete."""
    return any(later.start_date <= each.complete_date for each, later in pairwise(windows))
