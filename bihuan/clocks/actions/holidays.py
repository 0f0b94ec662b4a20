"""Recalculate clocks when the holidays that they depend on have changed.

Each clock stores the version of the calendar that it was calculated with. Every running clock
calculated with another version than the one in force, and every provisional one, stopped or not, is
processed in batches. Clocks that are up to date are not touched, so it is safe to run at any time
and more than once.
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
    """The result of one run: clocks checked, ends changed, failures."""

    clocks: int = 0
    moved: int = 0
    failed: int = 0

    def counts(self) -> dict[str, int]:
        return asdict(self)


def work_out_again(*, now: datetime) -> WorkedOut:
    """Bring every clock up to date with the holidays in force; safe to run concurrently."""
    done, outdated = WorkedOut(), _outdated()
    # Two queries, because each condition has an index and both together have none.
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
    """Return clocks whose rule depends on holidays and that were calculated with others than those
    in force.
    """
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
    """Process one batch; subjects are locked before their clocks, as in every move of a case."""
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
    """Recalculate as if the clock started now, but keep what has already been announced."""
    clock = running.of(row)
    if clock.is_suspended:
        # It is recalculated when it runs again; until then it has no end.
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
        # The notice that it ran out is still due.
        row.seen_at = ends_at
    found = running.times(clock, row.seen_at)
    row.due_at, row.is_provisional = found.due_at, found.is_provisional
    row.calendar_version = found.calendar_version
    row.next_at = None if row.stopped_at else found.next_at


def _judge(row: Clock, ends_at: datetime) -> None:
    """Set met or missed by the end now in force."""
    if row.outcome == Clock.Outcome.CANCELLED or row.stopped_at is None:
        return
    in_time = row.stopped_at <= ends_at
    row.outcome = Clock.Outcome.MET if in_time else Clock.Outcome.MISSED
    row.overdue_at = None if in_time else ends_at + ONE_SECOND


# ------------------------------------------------------------------ what follows
def _note(changed: Sequence[Moved], batches: Mapping[str, Batch], now: datetime) -> None:
    """Update the subjects, write the journal, and notify the people concerned."""
    if not changed:
        return
    of_batches: dict[Batch, list[Moved]] = {}
    for each in changed:
        of_batches.setdefault(batches[each.clock.subject], []).append(each)
    # First, so that the entries hold the state of the subjects afterwards.
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
