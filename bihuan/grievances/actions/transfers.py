"""Transfers to the competent unit (PET-7, PET-29): the sender is responsible until it is taken
over.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases import queries as cases
from bihuan.cases.actions import loop, recipients
from bihuan.cases.models import Assist, Case
from bihuan.core import routing
from bihuan.core.grievance import ClockPurpose, Move
from bihuan.grievances.actions.procedure_clocks import proceed, start_again
from bihuan.grievances.models import Handover
from bihuan.grievances.queries import complained_of, procedure_of, record_of
from bihuan.grievances.refusals import AboutThem, HasItAlready
from bihuan.orgs.models import Unit, User
from bihuan.receipts.actions.public import write
from bihuan.receipts.models import Message


def require_not_about(case: Case, unit: Unit, now: datetime) -> None:
    """PET-20: refuse to transfer it to those it is about, or to a unit below them."""
    if routing.is_shut_out(unit.path, complained_of(case, now)):
        raise AboutThem
    cases.require_may_hold(case, now, unit)


@transaction.atomic
def transfer(
    *,
    case: Case,
    actor: User,
    now: datetime,
    unit: Unit,
    note: str,
    version: int | None = None,
) -> Case:
    """Transfer it to the competent unit, and notify the reporter."""
    act = loop.begin(
        case=case, move=Move.TRANSFER, actor=actor, now=now, note=note, version=version
    )
    if unit == act.case.owner:
        raise HasItAlready
    require_not_about(act.case, unit, now)
    Handover.objects.create(
        case=act.case, from_unit=act.case.owner, to_unit=unit, reason=act.note,
        sent_by=actor, sent_at=now,
    )  # fmt: skip
    # The receiving unit sees the case from now on, and decides whether to take it over.
    Assist.objects.get_or_create(
        case=act.case, unit=unit, ended_at=None, defaults={"task": act.note, "added_at": now}
    )
    if act.case.is_confidential:
        recipients.confide(act.case, now, unit)
    write(act, Message.Kind.NOTICE, what="transferred", detail={"unit": unit.name})
    act.detail["receiver"] = unit.name
    return proceed(act)


@transaction.atomic
def take_over(
    *, case: Case, actor: User, now: datetime, note: str = "", version: int | None = None
) -> Case:
    """Take it over as the competent unit, which is responsible from now on."""
    act = loop.begin(
        case=case, move=Move.TAKE_OVER, actor=actor, now=now, note=note, version=version
    )
    handover = _open(act.case)
    _hand_over(act, handover)
    return proceed(act, extra=_decision(act.case))


@transaction.atomic
def object_(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Dispute the transfer, with the reasons (PET-7); a late dispute is recorded, and still
    decided.
    """
    act = loop.begin(case=case, move=Move.OBJECT, actor=actor, now=now, note=note, version=version)
    handover = _open(act.case)
    rules = procedure_of(record_of(act.case)).every_rule(ClockPurpose.OBJECT)
    late = act.case.clocks.filter(rule_id__in=rules, stopped_at=None, due_at__lt=now).exists()
    handover.objection, handover.objected_by = act.note, actor
    handover.objected_at, handover.objected_late = now, late
    handover.save(update_fields=["objection", "objected_by", "objected_at", "objected_late"])
    act.detail["late"] = late
    return proceed(act)


@transaction.atomic
def answer_objection(
    *,
    case: Case,
    actor: User,
    now: datetime,
    agreed: bool,
    note: str,
    version: int | None = None,
) -> Case:
    """Answer the dispute: it comes back only if the sender agrees (PET-7); otherwise the
    transfer is upheld.
    """
    act = loop.begin(
        case=case, move=Move.ANSWER_OBJECTION, actor=actor, now=now, note=note, version=version
    )
    handover = _open(act.case)
    act.detail["agreed"] = agreed
    act.asker = handover.objected_by_id
    if not agreed:
        _hand_over(act, handover)
        return proceed(act, extra=_decision(act.case))
    _end(handover, now)
    # For the sender it is as if it had never left: the clock continues from its original start.
    for slot in (ClockPurpose.REGISTER, ClockPurpose.TELL):
        start_again(act.case, slot, handover.sent_at, now)
    return proceed(act)


def _open(case: Case) -> Handover:
    return Handover.objects.select_related("from_unit", "to_unit").get(case=case, ended_at=None)


def _hand_over(act: loop.OfficeAct, handover: Handover) -> None:
    act.change(act.case, owner=handover.to_unit, sender=handover.from_unit, post=None)
    act.detail["owner"] = handover.to_unit.name
    _end(handover, act.now)
    write(act, Message.Kind.NOTICE, what="taken_over", detail={"unit": handover.to_unit.name})


def _decision(case: Case) -> tuple[ClockPurpose, ...]:
    """In the simple procedure each level has its own days to decide (PET-16)."""
    return (ClockPurpose.REGISTER,) if record_of(case).is_simple else ()


def _end(handover: Handover, now: datetime) -> None:
    handover.ended_at = now
    handover.save(update_fields=["ended_at"])
    Assist.objects.filter(
        case=handover.case_id, unit=handover.to_unit, added_at=handover.sent_at, ended_at=None
    ).update(ended_at=now)
