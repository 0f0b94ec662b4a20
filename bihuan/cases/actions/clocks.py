"""The clocks of a case: started and stopped by its moves, pinned to the rule then in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.calendars.queries import outlook
from bihuan.cases.models import Case, Clock
from bihuan.core import amending, clocks, deadlines, rules
from bihuan.core.deadlines import Due, Instant
from bihuan.core.lifecycle import Transition
from bihuan.core.rules import Party, Rule
from bihuan.core.workdays import NO_CALENDAR, WorkCalendar
from bihuan.store.prepared import Prepared

HOME = "CN"
FIX = "HAZ-5"
# Towards a day that an office set.
PLANNED = frozenset({FIX, "LOC-14"})
# The re-check after the closure, interim controls, what is to be performed later, requests about
# what was told, and what the person may do do not say when the case itself is due.
BESIDE = frozenset({"LOC-4", "LOC-7", "LOC-12", amending.TERM}) | {
    rule.id for rule in rules.every_rule() if rule.owed_by is Party.CITIZEN
}


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def local_date(at: datetime) -> date:
    return localdate(at, zone())


def _running(case_id: int) -> QuerySet[Clock]:
    return Clock.objects.filter(case=case_id, stopped_at=None).order_by("due_at", "pk")


running = Prepared(_running, (1, 2))  # of a case, by its key; what is due first comes first


def run(
    case: Case,
    row: Transition,
    now: datetime,
    due_dates: Mapping[str, date] | None = None,
    *,
    jurisdiction: str = HOME,
) -> None:
    """Stop and start the clocks that the move says, and note when the case is due next."""
    for clock in running(case.pk):
        if clock.rule_id in row.stops:
            stop(clock, now)
    for rule_id in row.starts:
        due_date = (due_dates or {}).get(rule_id)
        replace(case, rule_id, now, due_date=due_date, jurisdiction=jurisdiction)
    refresh_due(case)


def replace(
    case: Case, rule_id: str, now: datetime, *, due_date: date | None, jurisdiction: str = HOME
) -> Clock:
    """Start a clock; one of the same rule that still runs makes way for it."""
    for clock in running(case.pk):
        if clock.rule_id == rule_id:
            give_way(clock, now)
    return start(case, rule_id, now, due_date=due_date, jurisdiction=jurisdiction)


def start(
    case: Case,
    rule_id: str,
    now: datetime,
    *,
    due_date: date | None = None,
    jurisdiction: str = HOME,
) -> Clock:
    """Start a clock by the version of the rule that is in force today; the shortest limit wins."""
    row = _begun(rule_id, now, due_date, jurisdiction)
    row.case = case
    row.save()
    return row


def first_of(rule_ids: Iterable[str], now: datetime, *, jurisdiction: str = HOME) -> list[Clock]:
    """The clocks that start with a case, to be saved when it has been."""
    return [_begun(rule_id, now, None, jurisdiction) for rule_id in rule_ids]


def first_on(rule_id: str, started_at: datetime, due_date: date, *, seen_at: datetime) -> Clock:
    """A clock towards a day that was set elsewhere, to be saved with its case.

    If the day is past it says so at once; only what is still to come will tell anybody.
    """
    rule = rules.rule(rule_id, on=local_date(seen_at))
    row = Clock(rule_id=rule_id, rule_version=rule.version, started_at=started_at)
    _set(row, clocks.start(rule, started_at, zone=zone(), due_date=due_date), seen_at)
    if row.due_at < seen_at:
        row.overdue_at = row.due_at + timedelta(seconds=1)
    return row


class CaseDue(NamedTuple):
    """What is kept on the case of the clock that ends first."""

    due_at: datetime | None
    is_due_provisional: bool = False


def first_due(rows: Iterable[Clock], otherwise: datetime | None = None) -> CaseDue:
    """When a case with these clocks is due next."""
    counted = (row for row in rows if row.rule_id not in BESIDE)
    first = min(counted, key=lambda row: row.due_at, default=None)
    return CaseDue(otherwise) if first is None else CaseDue(first.due_at, first.is_provisional)


def _begun(rule_id: str, now: datetime, due_date: date | None, jurisdiction: str) -> Clock:
    found = rules.candidates(rule_id, on=local_date(now), jurisdiction=jurisdiction)
    rule = found[0]
    if len(found) > 1:
        days = outlook(jurisdiction).short
        rule = deadlines.shortest(found, now, zone=zone(), calendar=days)
    row = Clock(rule_id=rule_id, rule_version=rule.version, started_at=now)
    _set(row, clocks.start(rule, now, zone=zone(), due_date=due_date), now)
    return row


def stop(row: Clock, now: datetime, *, outcome: str = "") -> None:
    """Stop a clock: met if in time, missed if late, unless it was cancelled."""
    stopped = of(row).stop(now)
    in_time = Clock.Outcome.MET if now <= row.due_at else Clock.Outcome.MISSED
    row.events = stopped.events_as_json()
    row.stopped_at, row.outcome, row.next_at = now, outcome or in_time, None
    row.save(update_fields=["events", "stopped_at", "outcome", "next_at"])


def give_way(row: Clock, now: datetime) -> None:
    """Stop a clock because another begins in its place: what was missed by then stays missed.

    What a person could do until then, and did not, is nobody's delay.
    """
    late = now > row.due_at and of(row).rule.owed_by is not Party.CITIZEN
    stop(row, now, outcome=Clock.Outcome.MISSED if late else Clock.Outcome.CANCELLED)


def clear(running: QuerySet[Clock], now: datetime, *, missed: bool) -> None:
    """Take clocks away that a ledger says were otherwise; what was `missed` by now stays so."""
    for row in running.filter(rule_id__in=PLANNED, due_at__lt=now) if missed else ():
        give_way(row, now)
    running.delete()


def of(row: Clock) -> clocks.Clock:
    """The clock as the rules see it, under the very version that it is pinned to."""
    return clocks.Clock.from_json(rules.pinned(row.rule_id, row.rule_version), zone(), row.events)


def calendar_of(rule: Rule) -> WorkCalendar:
    """The calendar that the end of this rule depends on; none where calendar days do."""
    if not deadlines.needs_calendar(rule):
        return NO_CALENDAR
    return outlook(rule.jurisdiction).of(rule)


@dataclass(frozen=True)
class Times:
    """What is kept of a clock: its end, what time causes next, and the holidays behind both."""

    due_at: datetime
    is_provisional: bool
    next_at: datetime | None
    calendar_version: str


def times(clock: clocks.Clock, after: datetime) -> Times:
    """Work out a clock that runs; everything that starts, moves or repairs one comes here."""
    days = calendar_of(clock.rule)
    due_at = deadlines.binding(clock, days)
    assert due_at is not None, "a clock that runs has an end"
    upcoming = deadlines.next_instant(clock, after, days)
    provisional = deadlines.is_provisional(clock, due_at, days)
    return Times(due_at, provisional, None if upcoming is None else upcoming.at, days.version)


def next_instant(clock: clocks.Clock, after: datetime) -> Instant | None:
    """What time alone causes next."""
    return deadlines.next_instant(clock, after, calendar_of(clock.rule))


def extend(row: Clock, more: int, now: datetime) -> None:
    """A granted extension of a rule that allows one: so many of its units."""
    _keep(row, of(row).extend(now, more), now)


def suspend(row: Clock, now: datetime, reason: str) -> None:
    """Stand still where the rule allows it (PET-13); it is due when it runs again."""
    row.events = of(row).suspend(now, reason=reason).events_as_json()
    row.next_at = None
    row.save(update_fields=["events", "next_at"])


def resume(row: Clock, now: datetime) -> None:
    _keep(row, of(row).resume(now), now)


def move_deadline(case: Case, until: date, now: datetime) -> None:
    """A granted extension: the clock of the fix runs on to that day."""
    row = Clock.objects.get(case=case, stopped_at=None, rule_id=FIX)
    more = (until - local_date(row.due_at)).days
    _keep(row, of(row).extend(now, more), now)
    refresh_due(case)


def deadline_date(case: Case) -> date | None:
    """The day by which the fix is due, extensions included; None before it was assigned."""
    row = Clock.objects.filter(case=case, rule_id=FIX).order_by("-started_at", "-pk").first()
    return None if row is None else local_date(row.due_at)


def last_day(row: Clock) -> Due:
    """The day on which the clock ends, as letters and the journal name it."""
    return Due(local_date(row.due_at), row.is_provisional)


def refresh_due(case: Case) -> None:
    """A case is due when the first of its running clocks is; an ended one keeps what it had."""
    first = first_due(running(case.pk))
    if first.due_at is not None:
        case.due_at, case.is_due_provisional = first


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
