"""Extensions: requested by an officer who works on the case, decided by another one, one level
up.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from bihuan.cases.actions import clocks
from bihuan.cases.actions.loop import OfficeAct, begin, finish
from bihuan.cases.models import Case, Extension
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import deadlines
from bihuan.core.refusal import Refusal
from bihuan.orgs.models import User


class NotLater(Refusal):
    """An extension must end after the deadline that it extends."""

    def __init__(self, deadline: date) -> None:
        super().__init__(deadline)
        self.deadline = deadline


@transaction.atomic
def ask_extension(
    *,
    case: Case,
    actor: User,
    now: datetime,
    until_date: date,
    note: str,
    version: int | None = None,
) -> Case:
    """Request a later deadline for the work, with the reason."""
    act = begin(case=case, move="ask_extension", actor=actor, now=now, note=note, version=version)
    deadline = clocks.deadline_date(act.case)
    if deadline and until_date <= deadline:
        raise NotLater(deadline)
    note_request(act, until_date)
    return finish(act)


# ----------------------------------------------- within the act of another function
def note_request(act: OfficeAct, until_date: date, *, rule_id: str = "") -> None:
    """Record a request, and its clock if it is not the one of the work itself."""
    Extension.objects.create(
        case=act.case, rule_id=rule_id, until_date=until_date, reason=act.note,
        asked_by=act.actor, asked_at=act.now,
    )  # fmt: skip
    act.detail["until"] = until_date.isoformat()
    if rule_id:
        act.detail["rule"] = rule_id


def begin_decision(
    *, case: Case, actor: User, now: datetime, granted: bool, note: str, version: int | None
) -> tuple[OfficeAct, Extension]:
    """Begin the decision on the pending request, and record it; its kind moves the clock."""
    act = begin(
        case=case, move="decide_extension", actor=actor, now=now, note=note, version=version
    )
    asked = Extension.objects.get(case=act.case, granted=None)
    asked.granted, asked.answer = granted, act.note
    asked.decided_by, asked.decided_at = act.actor, act.now
    asked.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
    act.detail.update(granted=granted, until=asked.until_date.isoformat())
    if asked.rule_id:
        act.detail["rule"] = asked.rule_id
    return act, asked


def require_lawful(row: Clock, until_date: date, now: datetime) -> None:
    """Require a day that is later than the clock's, and within what its rule allows."""
    due_date = running.local_date(row.due_at)
    if until_date <= due_date:
        raise NotLater(due_date)
    running.of(row).extend(now, _length(row, until_date))


def extend(row: Clock, until_date: date, now: datetime) -> None:
    """Extend a clock whose rule allows it."""
    running.extend(row, _length(row, until_date), now)


def _length(row: Clock, until_date: date) -> int:
    clock = running.of(row)
    return deadlines.length_until(clock, until_date, running.calendar_of(clock.rule))
