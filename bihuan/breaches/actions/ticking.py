"""What time alone causes on the clock of a breach: a reminder, overdue, escalation each hour.

As with cases each clock is claimed by an update that must touch exactly one row, and remembers up
to when it has been seen to, so that two workers do nothing twice and a pause is made up for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.breaches.actions import clocks, telling
from bihuan.breaches.models import Breach, Clock
from bihuan.cases.actions.tick import Ticked
from bihuan.core.deadlines import Cause, Instant
from bihuan.journal.actions import record

AT_ONCE = 100
PUSH_BACK = timedelta(minutes=10)
logger = logging.getLogger(__name__)


def tick(*, now: datetime) -> Ticked:
    """Do everything that is due by now."""
    done = Ticked()
    for pk in _due(now):
        try:
            with transaction.atomic():
                done += _one(pk, now)
        except Exception:
            logger.exception("clock %s of a breach was pushed back", pk)
            done.failed += 1
            _push_back(pk, now)
    return done


def foresee(*, now: datetime) -> Ticked:
    """What a tick at this instant would do; nothing is changed, told or locked."""
    told = Ticked()
    for row in Clock.objects.filter(next_at__lte=now).select_related("breach__unit"):
        try:
            told += _counted(_caused(row, now)[0])
        except Exception:
            logger.exception("clock %s of a breach would be pushed back", row.pk)
            told.failed += 1
    return told


def _due(now: datetime) -> Iterator[int]:
    """The clocks with something to do; each is seen to or pushed back before the next look."""
    while True:
        due = Clock.objects.filter(next_at__lte=now).order_by("next_at", "pk")
        keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
        yield from keys
        if len(keys) < AT_ONCE:
            return


def _counted(causes: list[Instant]) -> Ticked:
    return Ticked(
        clocks=1,
        warnings=bool(causes) and causes[-1].cause is Cause.WARNING,
        overdue=sum(each.cause is Cause.OVERDUE for each in causes),
        escalations=sum(each.cause is Cause.ESCALATION for each in causes),
    )


@transaction.atomic
def _push_back(pk: int, now: datetime) -> None:
    """Try this one again later, and leave the others running."""
    Clock.objects.filter(pk=pk, stopped_at=None).update(next_at=now + PUSH_BACK)


def _one(pk: int, now: datetime) -> Ticked:
    row = Clock.objects.select_related("breach__unit").get(pk=pk)
    if row.next_at is None or row.next_at > now:
        return Ticked()
    causes, upcoming = _caused(row, now)
    overdue_at = next((each.at for each in causes if each.cause is Cause.OVERDUE), row.overdue_at)
    as_read = Clock.objects.filter(pk=pk, next_at=row.next_at, seen_at=row.seen_at)
    claimed = as_read.update(seen_at=now, overdue_at=overdue_at, next_at=upcoming and upcoming.at)
    if not claimed:
        return Ticked()
    for instant in causes:
        _cause(row, instant, causes[-1], now)
    return _counted(causes)


def _caused(row: Clock, now: datetime) -> tuple[list[Instant], Instant | None]:
    """What time has caused since the clock was last seen to, and what comes next."""
    causes: list[Instant] = []
    upcoming = clocks.next_instant(row, row.seen_at)
    while upcoming is not None and not _past_the_top(row.breach, upcoming):
        if upcoming.at > now:
            return causes, upcoming
        causes.append(upcoming)
        upcoming = clocks.next_instant(row, upcoming.at)
    return causes, None


def _past_the_top(breach: Breach, instant: Instant) -> bool:
    """Above the topmost unit nobody is left to tell."""
    return instant.cause is Cause.ESCALATION and instant.number > breach.unit.depth


def _cause(row: Clock, instant: Instant, last: Instant, now: datetime) -> None:
    breach, cause = row.breach, f"{row.pk}/{instant.cause}/{instant.number}"
    if instant.cause is Cause.WARNING:
        # After the end nobody needs to hear that it is near.
        if instant is last:
            telling.tell_keepers(breach, instant.cause, cause, now, but=None)
        return
    if instant.cause is Cause.OVERDUE:
        telling.tell_keepers(breach, instant.cause, cause, now, but=None)
        telling.tell_office(breach, breach.unit.path, instant.cause, cause, now)
    else:
        above = breach.unit.paths_above()[-instant.number]
        telling.tell_office(breach, above, instant.cause, cause, now)
    detail = {"rule": row.rule_id, "since": row.due_at.isoformat(), "level": instant.number}
    act = "overdue" if instant.cause is Cause.OVERDUE else "escalate"
    record(breach.subject, act, by=None, at=now, detail=detail)
