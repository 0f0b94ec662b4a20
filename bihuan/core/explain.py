"""Derive a deadline day by day, as data; `bihuan.calendars.wording` puts it into words.

If it reaches into a year that is not loaded, it is derived with both outlooks for that year: the
staff target with the shorter one, and the end of citizens' rights with the longer one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bihuan.core import deadlines
from bihuan.core.clocks import Clock
from bihuan.core.deadlines import Due
from bihuan.core.rules import Unit
from bihuan.core.workdays import NO_CALENDAR, ONE_DAY, SATURDAY, WorkCalendar


class DayKind(StrEnum):
    """The type of a day in the calendar."""

    WORKDAY = "workday"
    MAKEUP_WORKDAY = "makeup_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"  # nothing is known of its year, and the rule does not need it


class Role(StrEnum):
    """The role of a day for the clock: counted, or why not."""

    START = "start"
    COUNTED = "counted"
    RUNNING = "running"  # minutes and hours run through it
    NOT_A_WORKDAY = "not_a_workday"
    SUSPENDED = "suspended"
    ROLLED_OVER = "rolled_over"  # the last day is a holiday, so the term continues
    ROLLED_TO = "rolled_to"  # the day after the holiday, on which it ends
    POSSIBLE = "possible"  # the term may end on it, if the holidays are that long


@dataclass(frozen=True)
class Day:
    """One line of the derivation. `number` is the count, `holiday` the name, `running` is for
    hours.

    The role of a provisional day depends on holidays that are not published yet.
    """

    date: date
    role: Role
    kind: DayKind
    number: int | None = None
    holiday: str = ""
    running: timedelta | None = None
    is_open: bool = False

    @property
    def counted(self) -> bool:
        return self.role in (Role.COUNTED, Role.RUNNING)


@dataclass(frozen=True)
class Explanation:
    """The deadline of a clock and its derivation.

    Without ends the clock is suspended; only `due_at` is None if only the target was requested.
    """

    clock: Clock
    calendar: WorkCalendar
    due_at: datetime | None
    due_at_unrolled: datetime | None
    days: tuple[Day, ...]

    @property
    def due(self) -> Due | None:
        """Return the later end: the day on which citizens' rights end."""
        return self._end(self.due_at, depends=not self.clock.rule.unit.runs_through)

    @property
    def target(self) -> Due | None:
        """Return the earlier end, which staff work towards; for calendar days it is always
        certain.
        """
        return self._end(self.due_at_unrolled, depends=_by_workdays(self.clock))

    @property
    def is_provisional(self) -> bool:
        return any(end is not None and end.is_provisional for end in (self.due, self.target))

    def _end(self, at: datetime | None, *, depends: bool) -> Due | None:
        if at is None:
            return None
        return Due(at, depends and self.calendar.is_open(self.clock.local_date(at)))


def explain(
    clock: Clock, calendar: WorkCalendar, longest: WorkCalendar | None = None
) -> Explanation:
    """Derive both ends of the term; raise `YearNotLoaded` if the calendar does not reach far
    enough.

    `longest` is the other outlook for the years to come, if there are two.
    """
    longest = longest or calendar
    target, latest = deadlines.deadline(clock, calendar), deadlines.deadline(clock, longest)
    if target is None or latest is None:
        return Explanation(clock, calendar, None, None, ())
    both = deadlines.Deadline(latest.due_at, target.due_at_unrolled)
    days = _days(clock, both.due_at_unrolled, calendar)
    after = _after(clock, both, longest)
    return Explanation(clock, calendar, both.due_at, both.due_at_unrolled, (*days, *after))


def explain_target(clock: Clock, calendar: WorkCalendar = NO_CALENDAR) -> Explanation:
    """Derive the staff target alone, which needs a calendar only if working days are counted."""
    unrolled = deadlines.target(clock, calendar)
    days = () if unrolled is None else _days(clock, unrolled, calendar)
    return Explanation(clock, calendar, None, unrolled, days)


def _days(clock: Clock, end: datetime, calendar: WorkCalendar) -> tuple[Day, ...]:
    if clock.rule.unit.runs_through:
        return tuple(_running_days(clock, end, calendar))
    return tuple(_counted_days(clock, end, calendar))


def _counted_days(clock: Clock, end: datetime, calendar: WorkCalendar) -> Iterator[Day]:
    pauses = deadlines.paused_days(clock)
    number = 0
    for day in _from_to(clock.start_date, clock.local_date(end)):
        role = _role(day, clock, pauses, calendar)
        number += role is Role.COUNTED
        counted = number if role is Role.COUNTED else None
        kind, holiday = _kind(day, calendar), _holiday(day, calendar)
        is_open = _by_workdays(clock) and calendar.is_open(day)
        yield Day(day, role, kind, counted, holiday, is_open=is_open)


def _role(
    day: date, clock: Clock, pauses: list[tuple[date, date | None]], calendar: WorkCalendar
) -> Role:
    if day == clock.start_date:
        return Role.START
    if deadlines.is_paused(day, pauses):
        return Role.SUSPENDED
    if clock.rule.unit is Unit.WORKING_DAYS and not calendar.is_workday(day):
        return Role.NOT_A_WORKDAY
    return Role.COUNTED


def _after(clock: Clock, both: deadlines.Deadline, calendar: WorkCalendar) -> Iterator[Day]:
    """Return the days by which holidays at the end extend the term (CAL-3), or may extend it."""
    last, until = clock.local_date(both.due_at_unrolled), clock.local_date(both.due_at)
    if last == until:
        return
    for day in _from_to(last + ONE_DAY, until):
        role = Role.ROLLED_TO if day == until else Role.ROLLED_OVER
        if _by_workdays(clock):
            # Such a term never rolls over: this is the difference between the two outlooks.
            role = Role.POSSIBLE
        is_open = calendar.is_open(day)
        yield Day(day, role, _kind(day, calendar), holiday=_holiday(day, calendar), is_open=is_open)


def _by_workdays(clock: Clock) -> bool:
    return clock.rule.unit is Unit.WORKING_DAYS


def _running_days(clock: Clock, end: datetime, calendar: WorkCalendar) -> Iterator[Day]:
    for day in _from_to(clock.start_date, clock.local_date(end)):
        since = max(datetime.combine(day, time.min, clock.zone), clock.started_at)
        until = min(datetime.combine(day + ONE_DAY, time.min, clock.zone), end)
        running = _span(since, until)
        for paused_at, resumed_at in clock.pauses:
            running -= _span(max(since, paused_at), min(until, resumed_at or until))
        role = Role.RUNNING if running else Role.SUSPENDED
        kind, holiday = _kind(day, calendar), _holiday(day, calendar)
        yield Day(day, role, kind, holiday=holiday, running=running)


def _span(since: datetime, until: datetime) -> timedelta:
    # As timestamps: subtracting two instants of one zone would ignore changes of its offset.
    return timedelta(seconds=max(until.timestamp() - since.timestamp(), 0))


def _kind(day: date, calendar: WorkCalendar) -> DayKind:
    if day.year not in calendar.years:
        return DayKind.UNKNOWN
    if day in calendar.makeup_days:
        return DayKind.MAKEUP_WORKDAY
    if day in calendar.off_days:
        return DayKind.HOLIDAY
    return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY


def _holiday(day: date, calendar: WorkCalendar) -> str:
    return calendar.off_days.get(day) or calendar.makeup_days.get(day) or ""


def _from_to(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
