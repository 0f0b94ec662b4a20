"""The clocks of a case: started and stopped by its moves, pinned to the rule then in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localdate

from bihuan.cases.models import Case, Clock
from bihuan.core import clocks, deadlines, rules
from bihuan.core.lifecycle import Transition

FIX = "HAZ-5"
# The re-check after the closure and interim controls do not say when the case itself is due.
BESIDE = frozenset({"LOC-4", "LOC-7"})


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def local_date(at: datetime) -> date:
    return localdate(at, zone())


def run(
    case: Case, row: Transition, now: datetime, due_dates: Mapping[str, date] | None = None
) -> None:
    """Stop and start the clocks that the move says, and note when the case is due next."""
    for clock in Clock.objects.filter(case=case, stopped_at=None, rule_id__in=row.stops):
        stop(clock, now)
    for rule_id in row.starts:
        replace(case, rule_id, now, due_date=(due_dates or {}).get(rule_id))
    refresh_due(case)


def replace(case: Case, rule_id: str, now: datetime, *, due_date: date | None) -> Clock:
    """Start a clock; one of the same rule that still runs makes way for it."""
    for clock in Clock.objects.filter(case=case, stopped_at=None, rule_id=rule_id):
        stop(clock, now, outcome=Clock.Outcome.CANCELLED)
    return start(case, rule_id, now, due_date=due_date)


def start(case: Case, rule_id: str, now: datetime, *, due_date: date | None = None) -> Clock:
    """Start a clock by the version of the rule that is in force today."""
    rule = rules.rule(rule_id, on=local_date(now))
    row = Clock(case=case, rule_id=rule_id, rule_version=rule.version, started_at=now)
    _keep(row, clocks.start(rule, now, zone=zone(), due_date=due_date), now)
    return row


def stop(row: Clock, now: datetime, *, outcome: str = "") -> None:
    """Stop a clock: met if in time, missed if late, unless it was cancelled."""
    stopped = of(row).stop(now)
    in_time = Clock.Outcome.MET if now <= row.due_at else Clock.Outcome.MISSED
    row.events = stopped.events_as_json()
    row.stopped_at, row.outcome, row.next_at = now, outcome or in_time, None
    row.save(update_fields=["events", "stopped_at", "outcome", "next_at"])


def of(row: Clock) -> clocks.Clock:
    """The clock as the rules see it, under the very version that it is pinned to."""
    return clocks.Clock.from_json(rules.pinned(row.rule_id, row.rule_version), zone(), row.events)


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


def refresh_due(case: Case) -> None:
    """A case is due when the first of its running clocks is; an ended one keeps what it had."""
    running = Clock.objects.filter(case=case, stopped_at=None).exclude(rule_id__in=BESIDE)
    first = running.order_by("due_at").values_list("due_at", flat=True).first()
    if first is not None:
        case.due_at = first


def _keep(row: Clock, clock: clocks.Clock, now: datetime) -> None:
    due_at = deadlines.binding(clock)
    upcoming = deadlines.next_instant(clock, now)
    assert due_at is not None, "a clock of the loop is never suspended"
    row.events = clock.events_as_json()
    row.due_at = due_at
    row.next_at = None if upcoming is None else upcoming.at
    row.seen_at = now
    row.overdue_at = None
    row.save()
