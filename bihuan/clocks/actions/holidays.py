"""Clocks worked out again, because the holidays that they depend on are known better than before.

Each clock keeps the version of the calendar that it was worked out with. Every running one that
was worked out with another than is in force now, and every provisional one, stopped or not, is
taken up in batches; what is up to date is not touched, so that it may run at any time and twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import Q

from bihuan.calendars.queries import outlook
from bihuan.clocks import subjects
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import Batch, Lock, Moved
from bihuan.core import deadlines, rules
from bihuan.core.deadlines import ONE_SECOND, Due
from bihuan.journal.actions import Change, record_many
from bihuan.notices.actions import tell_many

AT_ONCE = 200
RECALCULATE = "recalculate"
WRITTEN = (
    "due_at", "is_provisional", "calendar_version", "next_at", "seen_at", "overdue_at", "outcome",
)  # fmt: skip

logger = logging.getLogger(__name__)


@dataclass
class WorkedOut:
    """What one run did: clocks looked at, those that end otherwise now, those that failed."""

    clocks: int = 0
    moved: int = 0
    failed: int = 0

    def counts(self) -> dict[str, int]:
        return asdict(self)


def work_out_again(*, now: datetime) -> WorkedOut:
    """Bring every clock up to the holidays in force, whoever else does it too."""
    done, outdated = WorkedOut(), _outdated()
    # Apart, because each of them has an index, and both together have none.
    stopped = Q(is_provisional=True, stopped_at__isnull=False)
    for some in (Q(stopped_at=None), stopped):
        wanted = outdated & some
        for keys in _in_batches(wanted):
            _batch(Q(wanted, pk__in=keys), now, done)
    return done


def _in_batches(wanted: Q) -> Iterator[list[int]]:
    last = 0
    while True:
        found = Clock.objects.filter(wanted, pk__gt=last).order_by("pk")
        keys = list(found.values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            return
        last = keys[-1]
        yield keys


def _outdated() -> Q:
    """Clocks whose rule depends on holidays, worked out with others than are in force."""
    versions: dict[str, str] = {}
    outdated = Q(pk__in=[])
    for rule in rules.every_rule():
        if deadlines.needs_calendar(rule):
            place = rule.jurisdiction
            versions[place] = versions.get(place) or outlook(place).version
            pinned = Q(rule_id=rule.id, rule_version=rule.version)
            outdated |= pinned & ~Q(calendar_version=versions[place])
    return outdated


@transaction.atomic
def _batch(wanted: Q, now: datetime, done: WorkedOut) -> None:
    """Subjects are locked before their clocks, as every move of a case does it."""
    named = Clock.objects.filter(wanted).values_list("subject", flat=True)
    batches = subjects.loaded(set(named), now=now, lock=Lock.WAIT)
    rows = Clock.objects.filter(wanted, subject__in=batches).order_by("pk")
    changed: list[Moved] = []
    written = []
    for row in Lock.WAIT.on(rows):
        was = Moved(row, row.due_at, row.is_provisional)
        try:
            _work_out(row)
        except Exception:
            logger.exception("clock %s was not worked out again", row.pk)
            done.failed += 1
            continue
        done.clocks += 1
        written.append(row)
        if (row.due_at, row.is_provisional) != (was.due_at, was.is_provisional):
            changed.append(was)
    Clock.objects.bulk_update(written, WRITTEN)
    done.moved += sum(each.is_elsewhere for each in changed)
    _note(changed, batches, now)


def _work_out(row: Clock) -> None:
    """What a clock that starts now would get, but what was told of this one stays told."""
    clock = running.of(row)
    if clock.is_suspended:
        # It is worked out when it runs again; until then it has no end.
        days = running.calendar_of(clock.rule)
        row.calendar_version = days.version
        row.is_provisional = deadlines.is_provisional(clock, row.due_at, days)
        return
    ends_at = running.times(clock, row.seen_at).due_at
    if row.stopped_at is not None:
        _judge(row, ends_at)
    elif row.overdue_at is not None and ends_at >= row.seen_at:
        row.overdue_at = None
    elif row.overdue_at is None and ends_at < row.seen_at:
        # That it ran out is still to be told.
        row.seen_at = ends_at
    found = running.times(clock, row.seen_at)
    row.due_at, row.is_provisional = found.due_at, found.is_provisional
    row.calendar_version = found.calendar_version
    row.next_at = None if row.stopped_at else found.next_at


def _judge(row: Clock, ends_at: datetime) -> None:
    """Met or missed by the end that holds now."""
    if row.outcome == Clock.Outcome.CANCELLED or row.stopped_at is None:
        return
    in_time = row.stopped_at <= ends_at
    row.outcome = Clock.Outcome.MET if in_time else Clock.Outcome.MISSED
    row.overdue_at = None if in_time else ends_at + ONE_SECOND


# ------------------------------------------------------------------ what follows
def _note(changed: Sequence[Moved], batches: Mapping[str, Batch], now: datetime) -> None:
    """What the subjects keep of it, the journal, and word to those whom it concerns."""
    if not changed:
        return
    of_batches: dict[Batch, list[Moved]] = {}
    for each in changed:
        of_batches.setdefault(batches[each.clock.subject], []).append(each)
    # First, so that the entries say how the subjects stand afterwards.
    for batch, moved in of_batches.items():
        batch.keep(moved)
    record_many(RECALCULATE, map(_change, changed), by=None, at=now)
    told = (each for each in changed if each.is_elsewhere and each.clock.stopped_at is None)
    tellings = (batches[each.clock.subject].tell_moved(each) for each in told)
    tell_many(list(chain.from_iterable(tellings)), now=now)


def _change(moved: Moved) -> Change:
    clock = moved.clock
    was = Due(running.local_date(moved.due_at), moved.is_provisional).in_text()
    until = running.last_day(clock).in_text()
    return Change(
        clock.subject,
        before={"due": was},
        after={"due": until},
        detail={
            "rule": clock.rule_id,
            **({"was": was} if moved.is_elsewhere else {}),
            "until": until,
        },
    )
