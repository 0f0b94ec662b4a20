"""Extensions of the answer: once, granted by the head, and the reporter is notified of the
reason.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.actions.extensions import begin_decision, extend, note_request
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import deadlines
from bihuan.core.clocks import NotExtendable
from bihuan.core.grievance import Move
from bihuan.core.refusal import Missing
from bihuan.grievances.actions.procedure_clocks import proceed
from bihuan.grievances.queries import working_rules
from bihuan.orgs.models import User
from bihuan.receipts.actions.public import write
from bihuan.receipts.models import Message


@transaction.atomic
def ask_extension(
    *,
    case: Case,
    actor: User,
    now: datetime,
    days: int,
    note: str,
    version: int | None = None,
) -> Case:
    """Request more days of the unit that the rule counts, up to its limit."""
    act = loop.begin(
        case=case, move=Move.ASK_EXTENSION, actor=actor, now=now, note=note, version=version
    )
    if days < 1:
        raise Missing("days")
    clock = running.of(_working(act.case))
    longer = clock.extend(now, days)
    end = deadlines.target(longer, running.calendar_of(clock.rule))
    if end is None:
        raise NotExtendable(clock.rule.id, 0)
    until = running.local_date(end)
    note_request(act, until)
    return proceed(act)


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
    """Grant or refuse it as the head; the reporter is notified of the new day and the reason."""
    act, extension = begin_decision(
        case=case, actor=actor, now=now, granted=granted, note=note, version=version
    )
    if granted:
        extend(_working(act.case), extension.until_date, now)
        until = extension.until_date.isoformat()
        write(act, Message.Kind.NOTICE, text=act.note, what="extended", detail={"until": until})
    return proceed(act)


def _working(case: Case) -> Clock:
    """Return the clock by which the answer or the review is due."""
    return case.clocks.filter(stopped_at=None, rule_id__in=working_rules()).earliest("due_at")
