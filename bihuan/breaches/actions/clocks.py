"""The clock of the first report: started by the grade, stopped by who was told and when."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.breaches.models import Breach, Clock
from bihuan.core import breach as core
from bihuan.core import clocks, deadlines, rules
from bihuan.core.breach import Grade, Known
from bihuan.core.deadlines import Instant


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def settle(breach: Breach, known: Known, now: datetime) -> None:
    """Have the clock run, or stopped, that the grade and the statements ask for by now.

    Another grade, or an earlier finding, ends the one that runs: what was overdue by then stays
    so. Its successor runs from the same start, so that nobody gains time by grading.
    """
    asked = core.clock(Grade(breach.grade), breach.found_at, zone=zone())
    told_at = known.reported_at
    row = Clock.objects.filter(breach=breach).order_by("-pk").first()
    if row is not None and not _is(row, asked):
        if row.stopped_at is None:
            _give_way(row, now)
        row = None
    if asked is None:
        return
    if row is None or row.stopped_at not in (None, told_at):
        row = _start(breach, asked)
    if told_at is not None and row.stopped_at is None:
        in_time = told_at <= row.due_at
        _stop(row, told_at, Clock.Outcome.MET if in_time else Clock.Outcome.LATE)


def _is(row: Clock, asked: clocks.Clock | None) -> bool:
    """Whether the row is this clock, and its end was not another grade."""
    if asked is None or row.outcome in (Clock.Outcome.MISSED, Clock.Outcome.CANCELLED):
        return False
    return (row.rule_id, row.started_at) == (asked.rule.id, asked.started_at)


def _start(breach: Breach, asked: clocks.Clock) -> Clock:
    due_at = deadlines.target(asked)
    assert due_at is not None, "a clock of hours has an end"
    # From the start on, however long ago that was: what time has caused since is made up for.
    upcoming = deadlines.next_instant(asked, asked.started_at)
    return Clock.objects.create(
        breach=breach,
        rule_id=asked.rule.id,
        rule_version=asked.rule.version,
        started_at=asked.started_at,
        due_at=due_at,
        seen_at=asked.started_at,
        next_at=None if upcoming is None else upcoming.at,
    )


def _give_way(row: Clock, now: datetime) -> None:
    late = now > row.due_at
    _stop(row, now, Clock.Outcome.MISSED if late else Clock.Outcome.CANCELLED)


def _stop(row: Clock, at: datetime, outcome: Clock.Outcome) -> None:
    row.stopped_at, row.outcome, row.next_at = at, outcome, None
    row.save(update_fields=["stopped_at", "outcome", "next_at"])


def next_instant(row: Clock, after: datetime) -> Instant | None:
    """What time alone causes next, by the very version of the rule that is pinned."""
    rule = rules.pinned(row.rule_id, row.rule_version)
    return deadlines.next_instant(clocks.start(rule, row.started_at, zone=zone()), after)
