"""Extensions for the fix, or for the conclusion that the reporter is owed (HAZ-11)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from bihuan.cases.actions import clocks, extensions, loop
from bihuan.cases.models import Case
from bihuan.core.hazard import Move
from bihuan.hazards.actions import notification
from bihuan.hazards.actions.notification import CONCLUDE
from bihuan.orgs.models import User


@transaction.atomic
def ask_later_conclusion(
    *,
    case: Case,
    actor: User,
    now: datetime,
    until_date: date,
    note: str,
    version: int | None = None,
) -> Case:
    """Request a later day than the reporter was promised; the rule limits how much later."""
    act = loop.begin(
        case=case, move=Move.ASK_LATER_CONCLUSION, actor=actor, now=now, note=note, version=version
    )
    extensions.require_lawful(notification.promise(act.case), until_date, now)
    extensions.note_request(act, until_date, rule_id=CONCLUDE)
    return loop.finish(act)


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
    """Grant or refuse an extension, for whichever of the two was requested."""
    act, extension = extensions.begin_decision(
        case=case, actor=actor, now=now, granted=granted, note=note, version=version
    )
    if granted and extension.rule_id == CONCLUDE:
        extensions.extend(notification.promise(act.case), extension.until_date, now)
        notification.tell(act, "extended", act.note, until=extension.until_date.isoformat())
    elif granted:
        _move_deadline(act, extension.until_date)
    return loop.finish(act)


def _move_deadline(act: loop.OfficeAct, until_date: date) -> None:
    """Make the granted day the hazard's deadline."""
    clocks.move_deadline(act.case, until_date, act.now)
    hazard = act.case.hazard
    hazard.deadline_date, hazard.deadline_time = clocks.deadline_date(act.case), None
    hazard.save(update_fields=["deadline_date", "deadline_time"])
