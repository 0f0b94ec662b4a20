"""Clocks worked out again, because the holidays that they depend on are known better than before.

Each clock keeps the version of the calendar that it was worked out with. Every running one that
was worked out with another than is in force now, and every provisional one, stopped or not, is
taken up in batches; what is up to date is not touched, so that it may run at any time and twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from bihuan.calendars.queries import outlook
from bihuan.cases import queries
from bihuan.cases.actions import clocks
from bihuan.cases.actions.public import deliver
from bihuan.cases.models import Case, CaseQuerySet, Clock, Message, TrackingCode
from bihuan.core import deadlines, rules
from bihuan.core.deadlines import ONE_SECOND, Due
from bihuan.core.rules import Party
from bihuan.journal.actions import Change, record_many
from bihuan.notices.actions import tell

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
    """Cases are locked before their clocks, as every move of a case does it."""
    of_cases = Clock.objects.filter(wanted).values("case")
    cases = _locked(Case.objects.filter(pk__in=of_cases))
    rows = list(Clock.objects.filter(wanted).select_for_update().order_by("pk"))
    changed: list[_Moved] = []
    written = []
    for row in rows:
        was = _Was(row.due_at, row.is_provisional)
        try:
            _work_out(row)
        except Exception:
            logger.exception("clock %s was not worked out again", row.pk)
            done.failed += 1
            continue
        done.clocks += 1
        written.append(row)
        if (row.due_at, row.is_provisional) != was:
            row.case = cases[row.case_id]
            changed.append(_Moved(row, was))
    Clock.objects.bulk_update(written, WRITTEN)
    done.moved += sum(each.is_elsewhere for each in changed)
    _note(changed, now)


def _locked(cases: CaseQuerySet) -> dict[int, Case]:
    locked = cases.select_for_update(of=("self",)).select_related("owner", "origin").order_by("pk")
    return {case.pk: case for case in locked}


class _Was(NamedTuple):
    """The end of a clock before it was worked out again."""

    due_at: datetime
    is_provisional: bool


@dataclass(frozen=True)
class _Moved:
    """A clock whose end is another now, or certain now."""

    row: Clock
    was: _Was

    @property
    def is_elsewhere(self) -> bool:
        return self.row.due_at != self.was.due_at

    def change(self) -> Change:
        was = Due(clocks.local_date(self.was.due_at), self.was.is_provisional).in_text()
        until = clocks.last_day(self.row).in_text()
        return Change(
            self.row.case.subject,
            before={"due": was},
            after={"due": until},
            detail={
                "rule": self.row.rule_id,
                **({"was": was} if self.is_elsewhere else {}),
                "until": until,
            },
        )


def _work_out(row: Clock) -> None:
    """What a clock that starts now would get, but what was told of this one stays told."""
    clock = clocks.of(row)
    if clock.is_suspended:
        # It is worked out when it runs again; until then it has no end.
        days = clocks.calendar_of(clock.rule)
        row.calendar_version = days.version
        row.is_provisional = deadlines.is_provisional(clock, row.due_at, days)
        return
    ends_at = clocks.times(clock, row.seen_at).due_at
    if row.stopped_at is not None:
        _judge(row, ends_at)
    elif row.overdue_at is not None and ends_at >= row.seen_at:
        row.overdue_at = None
    elif row.overdue_at is None and ends_at < row.seen_at:
        # That it ran out is still to be told.
        row.seen_at = ends_at
    found = clocks.times(clock, row.seen_at)
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
def _note(changed: Sequence[_Moved], now: datetime) -> None:
    """The journal, the due times of the cases, and word to those whom it concerns."""
    if not changed:
        return
    # First, so that the entries say how the cases stand afterwards.
    _refresh(changed)
    record_many(RECALCULATE, [each.change() for each in changed], by=None, at=now)
    for each in changed:
        if each.is_elsewhere and each.row.stopped_at is None:
            _tell(each, now)


def _refresh(changed: Iterable[_Moved]) -> None:
    cases: Mapping[int, Case] = {each.row.case_id: each.row.case for each in changed}
    for each in changed:
        case = each.row.case
        if (case.due_at, case.is_due_provisional) == each.was:
            case.due_at, case.is_due_provisional = each.row.due_at, each.row.is_provisional
    for case in cases.values():
        clocks.refresh_due(case)
    Case.objects.bulk_update(cases.values(), ["due_at", "is_due_provisional"])


def _tell(moved: _Moved, now: datetime) -> None:
    """Tell the person of a window that ends otherwise, and staff of less time than they had."""
    row = moved.row
    if clocks.of(row).rule.owed_by is Party.CITIZEN:
        _tell_person(row, now)
    elif row.due_at < moved.was.due_at:
        tell(
            queries.answerable(row.case, row.rule_id, now),
            subject=row.case.subject,
            what="moved",
            cause=f"clock/{row.pk}/moved/{row.due_at:%Y%m%d%H%M%S}",
            now=now,
            detail={"rule": row.rule_id, "due_at": row.due.in_text(), "title": row.case.title},
        )


def _tell_person(row: Clock, now: datetime) -> None:
    """Everybody with a code of the case; whose word it is stands in no list of ours."""
    for slot in TrackingCode.objects.filter(case=row.case).values_list("slot", flat=True):
        message = Message.objects.create(
            case=row.case,
            slot=slot,
            kind=Message.Kind.NOTICE,
            what="window_moved",
            detail={"until": clocks.last_day(row).in_text()},
            said_at=now,
        )
        deliver(message, now)
