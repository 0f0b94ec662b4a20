"""The clock of a control: until when it has to be checked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from bihuan.clocks.actions import running
from bihuan.orgs.models import Unit
from bihuan.risks.models import Control

RULE = "RISK-1"


def begin(control: Control, unit: Unit, now: datetime) -> None:
    """Start the clock of a control that counts again; what has become due meanwhile is due now."""
    today = localdate(now)
    last = control.last_checked_date
    soonest = today if last is None else max(today, last + timedelta(days=1))
    control.next_due_date = max(control.next_due_date, soonest)
    control.save(update_fields=["next_due_date"])
    start(control, unit, now)


def start(control: Control, unit: Unit, now: datetime) -> None:
    """Start the clock towards the next check; if that day is past, it is overdue at once."""
    due = control.next_due_date
    if due >= localdate(now):
        running.start(control.subject, unit, RULE, now, due_date=due)
        return
    began = min(now, now + (due - localdate(now)))
    clock = running.begun_towards(RULE, began, due, seen_at=now)
    clock.subject, clock.unit = control.subject, unit
    clock.save()


def stop(control: Control, now: datetime) -> None:
    """Stop the clock because the control was checked."""
    for clock in running.of_subject(control.subject):
        running.stop(clock, now)


def end(control: Control, now: datetime) -> None:
    """Stop the clock because no check is owed any more."""
    for clock in running.of_subject(control.subject):
        running.give_way(clock, now)
