"""More time: asked by the unit that fixes, decided one level up by somebody else."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from bihuan.cases.actions import clocks
from bihuan.cases.actions.loop import OfficeAct, begin, finish
from bihuan.cases.models import Case, Extension
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
    """Ask for a later deadline, with the reason."""
    act = begin(case=case, move="ask_extension", actor=actor, now=now, note=note, version=version)
    deadline = clocks.deadline_date(act.case)
    if deadline and until_date <= deadline:
        raise NotLater(deadline)
    Extension.objects.create(
        case=act.case, until_date=until_date, reason=act.note, asked_by=actor, asked_at=now
    )
    act.detail["until"] = until_date.isoformat()
    return finish(act)


@transaction.atomic
def decide_extension(
    *,
    case: Case,
    actor: User,
    now: datetime,
    granted: bool,
    note: str,
    version: int | None = None,
) -> Case:
    """Grant or refuse the extension that was asked for."""
    act = begin(
        case=case, move="decide_extension", actor=actor, now=now, note=note, version=version
    )
    asked = note_decision(act, granted=granted)
    if granted:
        clocks.move_deadline(act.case, asked.until_date, now)
    return finish(act)


def note_decision(act: OfficeAct, *, granted: bool) -> Extension:
    """What was asked for, with its decision, within the act of another function."""
    asked = Extension.objects.get(case=act.case, granted=None)
    asked.granted, asked.answer = granted, act.note
    asked.decided_by, asked.decided_at = act.actor, act.now
    asked.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
    act.detail.update(granted=granted, until=asked.until_date.isoformat())
    return asked
