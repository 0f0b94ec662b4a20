"""The course of a suggestion: received, considered, adopted or not with reasons, published."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.core import routing
from bihuan.core.suggestion import SUGGESTION, Move
from bihuan.grievances import queries
from bihuan.grievances.models import Suggestion
from bihuan.grievances.refusals import AboutThem
from bihuan.orgs.models import Post, User
from bihuan.receipts.accounts import Intake, IntakeResult
from bihuan.receipts.actions import intake, public
from bihuan.receipts.models import Message


def receive(new_intake: Intake) -> IntakeResult:
    """Receive a suggestion; its receipt is the same however often the form is sent."""

    def make(case: Case) -> list[Suggestion]:
        category = new_intake.subject.pk if new_intake.subject else None
        return [Suggestion(case=case, category_id=category, may_publish=new_intake.may_publish)]

    return intake.take_in(SUGGESTION.kind, new_intake, make=make)


@transaction.atomic
def consider(
    *,
    case: Case,
    actor: User,
    now: datetime,
    post: Post,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Assign it to a post that examines it; never where those it is about would see it."""
    act = loop.begin(
        case=case, move=Move.CONSIDER, actor=actor, now=now, note=note, version=version
    )
    if routing.is_shut_out(post.unit.path, queries.complained_of(act.case, now)):
        raise AboutThem
    act.change(act.case, owner=post.unit, post=post, sender=act.unit)
    act.detail.update(owner=post.unit.name, post=post.title)
    public.write(act, Message.Kind.NOTICE, what="considering")
    return loop.finish(act)


@transaction.atomic
def adopt(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    partly: bool = False,
    version: int | None = None,
) -> Case:
    """Adopt it, in full or in part, and state what will be done (PET-1)."""
    act = loop.begin(case=case, move=Move.ADOPT, actor=actor, now=now, note=note, version=version)
    return _answer(act, "adopted_partly" if partly else "adopted", adopted=True)


@transaction.atomic
def not_adopt(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Decline it, with the reasons."""
    act = loop.begin(
        case=case, move=Move.NOT_ADOPT, actor=actor, now=now, note=note, version=version
    )
    return _answer(act, "not_adopted", adopted=False)


def _answer(act: loop.OfficeAct, what: str, *, adopted: bool) -> Case:
    record = act.case.suggestion
    act.change(act.case, resolved_by=act.actor, resolved_unit=act.unit)
    act.change(record, adopted=adopted, answer=act.note, answered_by=act.actor, answered_at=act.now)
    record.save(update_fields=["adopted", "answer", "answered_by", "answered_at"])
    public.write(act, Message.Kind.LETTER, what=what, text=act.note)
    return loop.finish(act)


@transaction.atomic
def withdraw(*, case: Case, now: datetime, note: str = "") -> Case:
    """Withdraw it, as its author, before it is answered."""
    act = loop.begin_public(case=case, move=Move.WITHDRAW, now=now)
    public.say_why(act, note)
    return loop.finish(act)
