"""Events caused by time alone: warnings, overdue clocks, and escalation up the unit tree.

Clocks are processed in batches. The subjects of a batch are locked before its clocks, as in every
move, and rows locked by others are left to the next run. One statement then claims the clocks that
have not changed since they were read, so that concurrent workers, or a repeated run, do nothing
twice. What a stopped worker missed is caught up, because each clock stores up to when it has been
processed. A batch that fails is retried clock by clock.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from bihuan.clocks import subjects
from bihuan.clocks.actions import running
from bihuan.clocks.actions.claiming import Claim, claim
from bihuan.clocks.actions.running import Calendars
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import Batch, Lock
from bihuan.core import deadlines
from bihuan.core.deadlines import Cause, Instant
from bihuan.core.rules import Party
from bihuan.journal.actions import Change, record_many
from bihuan.notices.actions import Telling, tell_many

AT_ONCE = 200
LAPSE, OVERDUE, ESCALATE = "lapse", "overdue", "escalate"

logger = logging.getLogger(__name__)


@dataclass
class Ticked:
    """The result of one run; `failed` clocks are retried later."""

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


class _Caused(NamedTuple):
    """The events on a clock since it was last processed, and the next one."""

    row: Clock
    causes: Sequence[Instant]
    upcoming: Instant | None
    by_citizen: bool

    @property
    def told(self) -> Iterator[Instant]:
        """After the end, a warning that it is near is no longer needed."""
        return (
            each
            for each in self.causes
            if each.cause is not Cause.WARNING or each is self.causes[-1]
        )

    @property
    def claim(self) -> Claim:
        overdue = (each.at for each in self.causes if each.cause is Cause.OVERDUE)
        upcoming = None if self.upcoming is None else self.upcoming.at
        return Claim(self.row, upcoming, next(overdue, self.row.overdue_at))

    @property
    def lapses(self) -> bool:
        """A time window for the reporter: its closing is not a delay by the office."""
        return self.by_citizen and any(each.cause is Cause.OVERDUE for each in self.causes)

    def counted(self) -> Ticked:
        causes = [each.cause for each in self.told]
        return Ticked(
            clocks=1,
            warnings=causes.count(Cause.WARNING),
            overdue=0 if self.by_citizen else causes.count(Cause.OVERDUE),
            escalations=causes.count(Cause.ESCALATION),
        )


def tick(*, now: datetime) -> Ticked:
    """Process everything that is due by now; several workers may run concurrently."""
    done = Ticked()
    for keys in _due(now):
        try:
            with transaction.atomic():
                done += _batch(keys, now)
        except Exception:
            logger.exception("clocks %s to %s are taken one by one", keys[0], keys[-1])
            done += sum((_alone(pk, now) for pk in keys), Ticked())
    return done


def foresee(*, now: datetime) -> Ticked:
    """Return what a tick at this instant would do; nothing is changed, notified or locked."""
    result, calendars = Ticked(), Calendars()
    due = Clock.objects.filter(next_at__lte=now).select_related("unit")
    for row in due.iterator(AT_ONCE):
        try:
            result += _caused(row, now, calendars).counted()
        except Exception:
            logger.exception("clock %s would be pushed back", row.pk)
            result.failed += 1
    return result


def _due(now: datetime) -> Iterator[list[int]]:
    """Yield the due clocks, each once; a batch is processed before the next query."""
    later = Q()
    while True:
        due = Clock.objects.filter(later, next_at__lte=now).order_by("next_at", "pk")
        rows = list(due.values_list("next_at", "pk")[:AT_ONCE])
        if rows:
            yield [pk for _, pk in rows]
        if len(rows) < AT_ONCE:
            return
        at, pk = rows[-1]
        later = Q(next_at__gte=at) & (Q(next_at__gt=at) | Q(pk__gt=pk))


def _alone(pk: int, now: datetime) -> Ticked:
    try:
        with transaction.atomic():
            return _batch([pk], now)
    except Exception:
        logger.exception("clock %s was pushed back", pk)
        with transaction.atomic():
            return _push_back(Clock.objects.filter(pk=pk), now)


def _push_back(rows: Iterable[Clock], now: datetime) -> Ticked:
    """Retry these later, and let the other clocks run."""
    failed = 0
    for row in rows:
        again = now + subjects.retry_after(row.subject)
        Clock.objects.filter(pk=row.pk, stopped_at=None).update(next_at=again)
        failed += 1
    return Ticked(failed=failed)


def _batch(keys: Collection[int], now: datetime) -> Ticked:
    subject_names = set(Clock.objects.filter(pk__in=keys).values_list("subject", flat=True))
    batches = subjects.loaded(subject_names, now=now, lock=Lock.SKIP)
    gone = _gone(subject_names - batches.keys(), now)
    rows = Clock.objects.filter(pk__in=keys, next_at__lte=now, subject__in={*batches, *gone})
    found, failed = [], []
    calendars = Calendars()
    for row in Lock.SKIP.on(rows.select_related("unit").order_by("next_at", "pk")):
        try:
            if row.subject in gone:
                raise LookupError(row.subject)
            found.append(_caused(row, now, calendars))
        except Exception:
            logger.exception("clock %s was pushed back", row.pk)
            failed.append(row)
    return _push_back(failed, now) + _act(found, batches, now)


def _gone(missing: Collection[str], now: datetime) -> set[str]:
    """Return which of the subjects that could not be locked do not exist."""
    if not missing:
        return set()
    return set(missing) - subjects.loaded(missing, now=now, lock=Lock.NONE).keys()


def _caused(row: Clock, now: datetime, calendars: Calendars) -> _Caused:
    clock = running.of(row)
    days = calendars.of(clock.rule)
    causes: list[Instant] = []
    upcoming = deadlines.next_instant(clock, row.seen_at, days)
    while upcoming is not None and upcoming.at <= now and not _past_the_top(row, upcoming):
        causes.append(upcoming)
        upcoming = deadlines.next_instant(clock, upcoming.at, days)
    if upcoming is not None and _past_the_top(row, upcoming):
        upcoming = None
    return _Caused(row, causes, upcoming, clock.rule.owed_by is Party.CITIZEN)


def _past_the_top(row: Clock, instant: Instant) -> bool:
    """Above the topmost unit there is no one to notify."""
    return instant.cause is Cause.ESCALATION and instant.number > row.unit.depth


# ------------------------------------------------------------------- what follows
def _act(found: Sequence[_Caused], batches: Mapping[str, Batch], now: datetime) -> Ticked:
    claimed = claim([each.claim for each in found], now) if found else set()
    mine = [each for each in found if each.row.pk in claimed]
    tellings: list[Telling] = []
    entries: dict[str, list[Change]] = {LAPSE: [], OVERDUE: [], ESCALATE: []}
    for each in mine:
        batch = batches[each.row.subject]
        for instant in each.told:
            if instant.cause is Cause.OVERDUE and each.by_citizen:
                since = each.row.due.in_text()
                detail: Mapping[str, object] = {"rule": each.row.rule_id, "since": since}
                entries[LAPSE].append(Change(each.row.subject, detail=detail))
                continue
            tellings += batch.tellings(each.row, instant)
            if instant.cause is not Cause.WARNING:
                act = OVERDUE if instant.cause is Cause.OVERDUE else ESCALATE
                detail = batch.detail(each.row, instant)
                entries[act].append(Change(each.row.subject, detail=detail))
    running.cancel([each.row for each in mine if each.lapses], now)
    if tellings:
        tell_many(tellings, now=now)
    for act, changes in entries.items():
        if changes:
            record_many(act, changes, by=None, at=now)
    return sum((each.counted() for each in mine), Ticked())
