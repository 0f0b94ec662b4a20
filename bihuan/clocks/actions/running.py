"""Start, stop, suspend and resume clocks, pinned to the rule version in force at their start.

The app of the subject decides what starts a clock and what a stopped one means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localdate

from bihuan.calendars.queries import outlook
from bihuan.clocks.models import Clock
from bihuan.core import clocks, deadlines, rules
from bihuan.core.deadlines import ONE_SECOND, Due
from bihuan.core.outlook import Outlook
from bihuan.core.rules import Party, Rule
from bihuan.core.workdays import NO_CALENDAR, WorkCalendar
from bihuan.orgs.models import Unit

HOME = "CN"


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def local_date(at: datetime) -> date:
    return localdate(at, zone())


def of_subject(subject: str) -> list[Clock]:
    """Return the running clocks of the subject; the earliest due comes first."""
    rows = Clock.objects.filter(subject=subject, stopped_at=None)
    return list(rows.order_by("due_at", "pk"))


# ------------------------------------------------------------------- start and stop
def start(
    subject: str,
    unit: Unit,
    rule_id: str,
    now: datetime,
    *,
    due_date: date | None = None,
    jurisdiction: str = HOME,
) -> Clock:
    """Start a clock by the rule version in force today; the shortest limit applies."""
    row = begun(rule_id, now, due_date=due_date, jurisdiction=jurisdiction)
    row.subject, row.unit = subject, unit
    row.save()
    return row


def start_as(subject: str, unit: Unit, clock: clocks.Clock, *, is_only: bool = False) -> Clock:
    """Start a clock that the rules have calculated, however long ago it began; what time has caused
    since is caught up.
    """
    rule = clock.rule
    row = Clock(rule_id=rule.id, rule_version=rule.version, started_at=clock.started_at)
    row.subject, row.unit, row.is_only = subject, unit, is_only
    _keep(row, clock, clock.started_at)
    return row


def begun(
    rule_id: str, now: datetime, *, due_date: date | None = None, jurisdiction: str = HOME
) -> Clock:
    """Return a clock that starts now, to be saved after its subject."""
    found = rules.candidates(rule_id, on=local_date(now), jurisdiction=jurisdiction)
    rule = found[0]
    if len(found) > 1:
        days = outlook(jurisdiction).short
        rule = deadlines.shortest(found, now, zone=zone(), calendar=days)
    row = Clock(rule_id=rule_id, rule_version=rule.version, started_at=now)
    _set(row, clocks.start(rule, now, zone=zone(), due_date=due_date), now)
    return row


def begun_towards(
    rule_id: str, started_at: datetime, due_date: date, *, seen_at: datetime
) -> Clock:
    """Return a clock towards a day that was set elsewhere, to be saved after its subject.

    If the day is past, the clock is overdue at once; only future events cause notices.
    """
    rule = rules.rule(rule_id, on=local_date(seen_at))
    row = Clock(rule_id=rule_id, rule_version=rule.version, started_at=started_at)
    _set(row, clocks.start(rule, started_at, zone=zone(), due_date=due_date), seen_at)
    if row.due_at < seen_at:
        row.overdue_at = row.due_at + ONE_SECOND
    return row


def stop(row: Clock, now: datetime, *, outcome: str = "") -> None:
    """Stop a clock: met if in time, missed if late, unless it is cancelled."""
    stopped = of(row).stop(now)
    in_time = Clock.Outcome.MET if now <= row.due_at else Clock.Outcome.MISSED
    row.events = stopped.events_as_json()
    row.stopped_at, row.outcome, row.next_at = now, outcome or in_time, None
    row.save(update_fields=["events", "stopped_at", "outcome", "next_at"])


def give_way(row: Clock, now: datetime) -> None:
    """Stop a clock because another one replaces it: what was missed by then stays missed.

    An option that a person did not use in time is not a delay by the office.
    """
    late = now > row.due_at and of(row).rule.owed_by is not Party.CITIZEN
    stop(row, now, outcome=Clock.Outcome.MISSED if late else Clock.Outcome.CANCELLED)


def cancel(rows: Sequence[Clock], now: datetime) -> None:
    """Cancel all of these at once: they are neither met nor missed."""
    for row in rows:
        row.events = of(row).stop(now).events_as_json()
        row.stopped_at, row.outcome, row.next_at = now, Clock.Outcome.CANCELLED, None
    if rows:
        Clock.objects.bulk_update(rows, ["events", "stopped_at", "outcome", "next_at"])


def follow(row: Clock, unit: Unit) -> None:
    """Update the unit of a running clock to the unit now responsible for its subject."""
    if row.unit_id != unit.pk:
        row.unit = unit
        row.save(update_fields=["unit"])


# ------------------------------------------------------------------ longer or later
def extend(row: Clock, more: int, now: datetime) -> None:
    """Extend a clock by this number of the rule's units, if the rule allows it."""
    _keep(row, of(row).extend(now, more), now)


def suspend(row: Clock, now: datetime, reason: str) -> None:
    """Suspend a clock if the rule allows it (PET-13); it has no due time until it resumes."""
    row.events = of(row).suspend(now, reason=reason).events_as_json()
    row.next_at = None
    row.save(update_fields=["events", "next_at"])


def resume(row: Clock, now: datetime) -> None:
    _keep(row, of(row).resume(now), now)


# --------------------------------------------------------------------- working out
def of(row: Clock) -> clocks.Clock:
    """Return the clock for the core, under the rule version that it is pinned to."""
    return clocks.Clock.from_json(rules.pinned(row.rule_id, row.rule_version), zone(), row.events)


def calendar_of(rule: Rule) -> WorkCalendar:
    """Return the calendar that the end of this rule depends on; None for calendar days."""
    return Calendars().of(rule)


class Calendars:
    """The calendars of many rules, each loaded once."""

    def __init__(self) -> None:
        self._outlooks: dict[str, Outlook] = {}

    def of(self, rule: Rule) -> WorkCalendar:
        if not deadlines.needs_calendar(rule):
            return NO_CALENDAR
        place = rule.jurisdiction
        if place not in self._outlooks:
            self._outlooks[place] = outlook(place)
        return self._outlooks[place].of(rule)


@dataclass(frozen=True)
class Times:
    """The stored times of a clock: its end, the next event, and the calendar used for both."""

    due_at: datetime
    is_provisional: bool
    next_at: datetime | None
    calendar_version: str


def times(clock: clocks.Clock, after: datetime) -> Times:
    """Calculate a running clock; every start, move and repair of a clock uses this."""
    days = calendar_of(clock.rule)
    due_at = deadlines.binding(clock, days)
    assert due_at is not None, "a clock that runs has an end"
    upcoming = deadlines.next_instant(clock, after, days)
    provisional = deadlines.is_provisional(clock, due_at, days)
    return Times(due_at, provisional, None if upcoming is None else upcoming.at, days.version)


def last_day(row: Clock) -> Due:
    """Return the day on which the clock ends, as letters and the journal state it."""
    return Due(local_date(row.due_at), row.is_provisional)


def _keep(row: Clock, clock: clocks.Clock, now: datetime) -> None:
    _set(row, clock, now)
    row.save()


def _set(row: Clock, clock: clocks.Clock, now: datetime) -> None:
    found = times(clock, now)
    row.events = clock.events_as_json()
    row.due_at, row.is_provisional = found.due_at, found.is_provisional
    row.calendar_version = found.calendar_version
    row.next_at = found.next_at
    row.seen_at = now
    row.overdue_at = None
