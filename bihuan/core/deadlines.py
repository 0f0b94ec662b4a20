"""When a clock is due, and the events caused by time alone before and after (CAL-1 to CAL-6).

The day on which a suspension begins is counted, the day of the resumption is not: as with the start
(CAL-2), the day of an event belongs to what went before it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from bihuan.core import clocks
from bihuan.core.clocks import Clock
from bihuan.core.rules import Party, Rollover, Rule, Unit
from bihuan.core.workdays import NO_CALENDAR, ONE_DAY, WorkCalendar

LAST_SECOND = time(23, 59, 59)
ONE_SECOND = timedelta(seconds=1)
UNCERTAIN = "?"
LENGTHS = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


@dataclass(frozen=True)
class Deadline:
    """CAL-4: citizens' rights end at `due_at`, staff work towards `due_at_unrolled`."""

    due_at: datetime
    due_at_unrolled: datetime


@dataclass(frozen=True)
class Due:
    """An end for display. It is provisional while unpublished holidays may still move it."""

    at: datetime | date
    is_provisional: bool = False

    def in_text(self) -> str:
        """Format as ISO 8601, with the question mark of an uncertain date (ISO 8601-2)."""
        return self.at.isoformat() + (UNCERTAIN if self.is_provisional else "")

    @classmethod
    def from_text(cls, text: str) -> Due:
        """Parse the output of `in_text`; raise `ValueError` if it is malformed."""
        day = date.fromisoformat(text.removesuffix(UNCERTAIN))
        return cls(day, text.endswith(UNCERTAIN))


class Cause(StrEnum):
    """What time alone causes on a clock."""

    WARNING = "warning"
    OVERDUE = "overdue"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Instant:
    """A moment at which time causes an event; `number` counts events with the same cause, from
    1.
    """

    at: datetime
    cause: Cause
    number: int = 1


@lru_cache(maxsize=8192)
def due_on(day: date, zone: tzinfo) -> datetime:
    """Return the last second of that day in the zone."""
    return datetime.combine(day, LAST_SECOND, zone)


def target(clock: Clock, calendar: WorkCalendar = NO_CALENDAR) -> datetime | None:
    """Return when staff must be done; None while the clock is suspended before that.

    A calendar is needed only for a rule of working days.
    """
    return _end_of(clock, total(clock), calendar)


def deadline(clock: Clock, calendar: WorkCalendar) -> Deadline | None:
    """Return both ends of the term; None while the clock is suspended before them."""
    unrolled = target(clock, calendar)
    if unrolled is None:
        return None
    if clock.rule.unit.runs_through:
        return Deadline(unrolled, unrolled)
    day = rolled(clock.local_date(unrolled), clock.rule, calendar)
    return Deadline(due_on(day, clock.zone), unrolled)


def binding(clock: Clock, calendar: WorkCalendar = NO_CALENDAR) -> datetime | None:
    """Return the end that applies to the party that has to act (CAL-4)."""
    if clock.rule.owed_by is Party.STAFF:
        return target(clock, calendar)
    both = deadline(clock, calendar)
    return None if both is None else both.due_at


def is_provisional(clock: Clock, end: datetime, calendar: WorkCalendar) -> bool:
    """Whether holidays that are not published yet may still move this end of the clock."""
    return needs_calendar(clock.rule) and calendar.is_open(clock.local_date(end))


def needs_calendar(rule: Rule) -> bool:
    """Whether the binding end depends on holidays: not for staff if calendar days are counted."""
    if rule.unit.runs_through:
        return False
    return rule.unit is Unit.WORKING_DAYS or rule.owed_by is Party.CITIZEN


def rolled(day: date, rule: Rule, calendar: WorkCalendar) -> date:
    """CAL-3: a last day within a holiday moves to the day after the holiday."""
    if rule.rolls_over is Rollover.HOLIDAYS:
        while calendar.is_statutory_holiday(day):
            day += ONE_DAY
    else:
        while not calendar.is_workday(day):
            day += ONE_DAY
    return day


def shortest(
    rules: Iterable[Rule], at: datetime, *, zone: tzinfo, calendar: WorkCalendar = NO_CALENDAR
) -> Rule:
    """Return the rule that ends first: a shorter local limit takes precedence."""

    def end(rule: Rule) -> datetime:
        due = target(clocks.start(rule, at, zone=zone), calendar)
        assert due is not None, "a clock that just started stands still"
        return due

    return min(rules, key=end)


def length_until(clock: Clock, day: date, calendar: WorkCalendar = NO_CALENDAR) -> int:
    """Return the extension that makes the term end on that day, in the rule's unit."""
    more, whole = 0, total(clock)
    while (end := _end_of(clock, whole + more, calendar)) and clock.local_date(end) < day:
        more += 1
    return more


def next_instant(
    clock: Clock, after: datetime, calendar: WorkCalendar = NO_CALENDAR
) -> Instant | None:
    """Return the next event that time alone causes on this clock; None if there is none."""
    instant = next((each for each in _warnings(clock, calendar) if each.at > after), None)
    instant = instant or _overdue_or_escalation(clock, after, calendar)
    stopped_at = clock.stopped_at
    if instant is None or (stopped_at is not None and instant.at > stopped_at):
        return None
    return instant


def total(clock: Clock) -> int:
    """Return the whole term with extensions in minutes, hours or working days; else calendar
    days.
    """
    rule, start_date = clock.rule, clock.start_date
    if rule.unit is Unit.MONTHS:
        return (months_after(start_date, clock.length + clock.extended_by) - start_date).days
    due_date = clock.events[0].due_date
    if due_date is not None:
        return (due_date - start_date).days + clock.extended_by
    return clock.length + clock.extended_by


def paused_days(clock: Clock) -> list[tuple[date, date | None]]:
    """Return the first and last day of every suspension; None as the last while it lasts."""
    return [
        (clock.local_date(since) + ONE_DAY, until and clock.local_date(until))
        for since, until in clock.pauses
    ]


def is_paused(day: date, pauses: Iterable[tuple[date, date | None]]) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in pauses)


def months_after(day: date, months: int) -> date:
    """民法典 202: return the corresponding day, or the month's last if there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _end_of(clock: Clock, count: int, calendar: WorkCalendar) -> datetime | None:
    if clock.rule.unit.runs_through:
        return _instant_after(clock, LENGTHS[clock.rule.unit] * count)
    day = _day_of(clock, count, calendar)
    return None if day is None else due_on(day, clock.zone)


def _instant_after(clock: Clock, running: timedelta) -> datetime | None:
    """Return when the clock has run that long; calculated in UTC, without daylight saving time."""
    at = clock.started_at.astimezone(UTC) + running
    for since, until in clock.pauses:
        if since >= at:
            break
        if until is None:
            return None
        at += until - since
    return at.astimezone(clock.zone)


def _day_of(clock: Clock, count: int, calendar: WorkCalendar) -> date | None:
    """Return the day with that number; None if the clock is suspended before it."""
    if clock.rule.unit is Unit.WORKING_DAYS:
        return _working_day_of(clock, count, calendar)
    day = clock.start_date + timedelta(days=count)
    for first, last in paused_days(clock):
        if first > day:
            break
        if last is None:
            return None
        day += last + ONE_DAY - first
    return day


def _working_day_of(clock: Clock, count: int, calendar: WorkCalendar) -> date | None:
    pauses = paused_days(clock)
    open_since = next((first for first, last in pauses if last is None), None)
    day = clock.start_date
    while count:
        day += ONE_DAY
        if open_since is not None and day >= open_since:
            return None
        count -= not is_paused(day, pauses) and calendar.is_workday(day)
    return day


def _warnings(clock: Clock, calendar: WorkCalendar) -> Iterator[Instant]:
    """Yield a warning at the first second of the day (or the moment) that reaches each fraction."""
    number, last = 0, clock.started_at
    whole = total(clock)
    for fraction in clock.rule.warn_at:
        at = _moment_of(clock, fraction, whole, calendar)
        if at is None:
            return
        if at > last:
            number, last = number + 1, at
            yield Instant(at, Cause.WARNING, number)


def _moment_of(
    clock: Clock, fraction: Fraction, whole: int, calendar: WorkCalendar
) -> datetime | None:
    if clock.rule.unit.runs_through:
        seconds = LENGTHS[clock.rule.unit].total_seconds() * whole * fraction
        return _instant_after(clock, timedelta(seconds=int(seconds)))
    # Integer arithmetic, because an import does this a hundred thousand times.
    counted = -(-whole * fraction.numerator // fraction.denominator)
    day = _day_of(clock, max(counted, 0), calendar)
    return None if day is None else datetime.combine(day, time.min, clock.zone)


def _overdue_or_escalation(clock: Clock, after: datetime, calendar: WorkCalendar) -> Instant | None:
    due_at = binding(clock, calendar)
    if due_at is None:
        return None
    overdue_at = (due_at + ONE_SECOND).astimezone(UTC)
    if overdue_at > after:
        return Instant(overdue_at.astimezone(clock.zone), Cause.OVERDUE)
    every = clock.rule.escalate_every
    if every is None:
        return None
    number = (after - overdue_at) // every + 1
    return Instant((overdue_at + every * number).astimezone(clock.zone), Cause.ESCALATION, number)
