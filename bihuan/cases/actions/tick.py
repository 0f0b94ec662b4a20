"""What time alone causes: warnings, overdue cases, and escalation up the unit tree.

Clocks are taken one by one. Each is claimed by an update that must touch exactly one row, so
that several workers at once, or the same work twice, do nothing twice; what a worker that was
down has missed is made up for, because each clock remembers up to when it has been seen to.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.cases import queries
from bihuan.cases.actions import clocks
from bihuan.cases.models import Clock
from bihuan.core.deadlines import Cause, Instant
from bihuan.core.powers import Power
from bihuan.core.rules import Party
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs.models import User

AT_ONCE = 500
PUSH_BACK = timedelta(hours=1)
LAPSE = "lapse"
LEADERS = frozenset({Power.APPROVE, Power.SUPERVISE})

logger = logging.getLogger(__name__)


@dataclass
class Ticked:
    """What one run did; `failed` clocks are tried again an hour later."""

    clocks: int = 0
    warnings: int = 0
    overdue: int = 0
    escalations: int = 0
    failed: int = 0

    def __add__(self, other: Ticked) -> Ticked:
        mine, theirs = self.counts(), other.counts()
        return Ticked(**{name: count + theirs[name] for name, count in mine.items()})

    def counts(self) -> dict[str, int]:
        return asdict(self)


def tick(*, now: datetime) -> Ticked:
    """Do everything that is due by now, whoever else does it too."""
    done = Ticked()
    for pk in _due(now):
        try:
            with transaction.atomic():
                _one(pk, now, done)
        except Exception:
            logger.exception("clock %s was pushed back", pk)
            done.failed += 1
            Clock.objects.filter(pk=pk, stopped_at=None).update(next_at=now + PUSH_BACK)
    return done


def foresee(*, now: datetime) -> Ticked:
    """What a tick at this instant would do; nothing is changed, told or locked."""
    told = Ticked()
    due = Clock.objects.filter(next_at__lte=now).select_related("case__owner")
    for row in due.iterator(AT_ONCE):
        try:
            causes, _next = _caused(row, now)
            citizens = clocks.of(row).rule.owed_by is Party.CITIZEN
        except Exception:
            logger.exception("clock %s would be pushed back", row.pk)
            told.failed += 1
            continue
        told.clocks += 1
        told.warnings += bool(causes) and causes[-1].cause is Cause.WARNING
        told.overdue += not citizens and any(each.cause is Cause.OVERDUE for each in causes)
        told.escalations += sum(each.cause is Cause.ESCALATION for each in causes)
    return told


def _due(now: datetime) -> Iterator[int]:
    """The clocks with something to do; each is seen to or pushed back before the next look."""
    while True:
        due = Clock.objects.filter(next_at__lte=now).order_by("next_at", "pk")
        keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
        yield from keys
        if len(keys) < AT_ONCE:
            return


def _one(pk: int, now: datetime, done: Ticked) -> None:
    row = Clock.objects.select_related("case__owner", "case__origin").get(pk=pk)
    if row.next_at is None or row.next_at > now:
        return
    causes, upcoming = _caused(row, now)
    if not _claim(row, causes, upcoming, now):
        return
    done.clocks += 1
    for instant in causes:
        _cause(row, instant, causes, now, done)


def _caused(row: Clock, now: datetime) -> tuple[list[Instant], Instant | None]:
    """What time has caused since the clock was last seen to, and what comes next."""
    clock = clocks.of(row)
    causes: list[Instant] = []
    upcoming = clocks.next_instant(clock, row.seen_at)
    while upcoming is not None and upcoming.at <= now and not _past_the_top(row, upcoming):
        causes.append(upcoming)
        upcoming = clocks.next_instant(clock, upcoming.at)
    if upcoming is not None and _past_the_top(row, upcoming):
        upcoming = None
    return causes, upcoming


def _past_the_top(row: Clock, instant: Instant) -> bool:
    """Above the topmost unit nobody is left to tell."""
    return instant.cause is Cause.ESCALATION and instant.number > row.case.owner.depth


def _claim(row: Clock, causes: list[Instant], upcoming: Instant | None, now: datetime) -> bool:
    overdue_at = next((each.at for each in causes if each.cause is Cause.OVERDUE), row.overdue_at)
    as_read = Clock.objects.filter(
        pk=row.pk,
        next_at=row.next_at,
        seen_at=row.seen_at,
        # Worked out again meanwhile, because a year of holidays came.
        calendar_version=row.calendar_version,
    )
    claimed = as_read.update(seen_at=now, overdue_at=overdue_at, next_at=upcoming and upcoming.at)
    return claimed == 1


def _cause(
    row: Clock, instant: Instant, causes: list[Instant], now: datetime, done: Ticked
) -> None:
    if instant.cause is Cause.WARNING:
        # After the end nobody needs to hear that it is near.
        if instant is causes[-1]:
            _tell(row, instant, queries.answerable(row.case, row.rule_id, now), now)
            done.warnings += 1
    elif instant.cause is Cause.OVERDUE and clocks.of(row).rule.owed_by is Party.CITIZEN:
        # What the person could do until today: that the window closed is nobody's delay.
        clocks.stop(row, now, outcome=Clock.Outcome.CANCELLED)
        _note(row, LAPSE, now, since=row.due.in_text())
    elif instant.cause is Cause.OVERDUE:
        told = queries.answerable(row.case, row.rule_id, now)
        told += queries.holders(row.case, [row.case.owner.path], LEADERS, now)
        _tell(row, instant, told, now)
        _note(row, "overdue", now, since=row.due.in_text())
        done.overdue += 1
    else:
        level = row.case.owner.paths_above()[-instant.number]
        _tell(row, instant, queries.holders(row.case, [level], LEADERS, now), now)
        _note(row, "escalate", now, level=instant.number, since=row.due.in_text())
        done.escalations += 1


def _tell(row: Clock, instant: Instant, members: list[User], now: datetime) -> None:
    tell(
        members,
        subject=row.case.subject,
        what=instant.cause,
        cause=f"clock/{row.pk}/{instant.cause}/{instant.number}/{row.due_at:%Y%m%d%H%M%S}",
        now=now,
        detail={"rule": row.rule_id, "due_at": row.due.in_text(), "title": row.case.title},
    )


def _note(row: Clock, act: str, now: datetime, **detail: object) -> None:
    record(row.case.subject, act, by=None, at=now, detail={"rule": row.rule_id, **detail})
