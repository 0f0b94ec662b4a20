"""The clock of the first report: its length follows from the grade, and notifying the
authorities stops it.
"""

from __future__ import annotations

from datetime import datetime

from bihuan.breaches.models import Breach
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import breach as core
from bihuan.core import clocks
from bihuan.core.breach import Grade, Known


def settle(breach: Breach, known: Known, now: datetime) -> None:
    """Start or stop the clock as the grade and the statements require.

    Another grade, or an earlier time of discovery, ends the running clock: if it was overdue by
    then, it stays overdue. Its successor runs from the same start, so that changing the grade gains
    no time.
    """
    clock = core.clock(Grade(breach.grade), breach.found_at, zone=running.zone())
    told_at = known.reported_at
    row = breach.clocks.order_by("-pk").first()
    if row is not None and not _is(row, clock):
        if row.stopped_at is None:
            running.give_way(row, now)
        row = None
    if clock is None:
        return
    if row is None or row.stopped_at not in (None, told_at):
        row = _start(breach, clock)
    if told_at is not None and row.stopped_at is None:
        in_time = told_at <= row.due_at
        outcome = Clock.Outcome.MET if in_time else Clock.Outcome.LATE
        running.stop(row, told_at, outcome=outcome)


def _is(row: Clock, clock: clocks.Clock | None) -> bool:
    """Whether the row is this clock, and did not end because the grade was changed."""
    if clock is None or row.outcome in (Clock.Outcome.MISSED, Clock.Outcome.CANCELLED):
        return False
    return (row.rule_id, row.started_at) == (clock.rule.id, clock.started_at)


def _start(breach: Breach, clock: clocks.Clock) -> Clock:
    return running.start_as(breach.subject, breach.unit, clock, is_only=True)
