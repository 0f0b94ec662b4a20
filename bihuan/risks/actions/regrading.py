"""Grade a risk again: a higher grade counts at once, a lower one after a second officer."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core import risk as core
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.core.risk import Colour
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.risks import queries
from bihuan.risks.actions.registration import Levels, graded, held
from bihuan.risks.acts import Act
from bihuan.risks.models import Regrading, RiskPoint
from bihuan.risks.refusals import (
    AlreadyDecided,
    GradeMoved,
    LowerGradeWaits,
    NotInForce,
    SameGrade,
)

GRADE = ("likelihood", "consequence", "colour", "matrix")


@transaction.atomic
def regrade(
    *, risk: RiskPoint, levels: Levels, reason: str, actor: User | None, now: datetime
) -> Regrading | None:
    """Grade the risk again; return the proposal if a second officer has to confirm it."""
    here = held(risk, actor, now)
    if not here.is_in_force:
        raise NotInForce
    if not reason.strip():
        raise Missing("reason")
    grade, why = graded(levels, now), masked(reason).text
    before = grade_of(here)
    if grade == before:
        raise SameGrade
    if not is_lower(here, levels, now):
        _end_waiting(here, why, actor, now)
        _apply(here, grade)
        record(here.subject, Act.REGRADE, by=actor, at=now, note=why, before=before, after=grade)
        return None
    if actor is None:
        raise NotAllowed
    return _propose(here, grade, why, actor, now)


def _propose(
    risk: RiskPoint, grade: dict[str, object], why: str, actor: User, now: datetime
) -> Regrading:
    try:
        with transaction.atomic():
            asked = Regrading.objects.create(
                risk=risk, reason=why, asked_by=actor, asked_at=now, **grade
            )
    except IntegrityError as clash:
        raise LowerGradeWaits from clash
    record(risk.subject, Act.PROPOSE_LOWER, by=actor, at=now, note=why, detail=grade)
    return asked


def _end_waiting(risk: RiskPoint, why: str, actor: User | None, now: datetime) -> None:
    """A higher grade ends a lower one that waits; a command on the server decides nothing."""
    for waiting in Regrading.objects.filter(risk=risk, is_granted=None):
        if actor is None:
            raise LowerGradeWaits
        _decide(waiting, False, why, actor, now)


def is_lower(risk: RiskPoint, levels: Levels, now: datetime) -> bool:
    """Whether these levels give a lower colour than the risk has."""
    new = core.current(localdate(now)).colour(levels.likelihood, levels.consequence)
    return core.is_lower(new, Colour(risk.colour))


@transaction.atomic
def confirm_lower(*, regrading: Regrading, note: str, actor: User, now: datetime) -> RiskPoint:
    """Confirm a lower grade as a second officer, who did not propose it."""
    here, asked = _waiting(regrading)
    _require_second(here, asked, actor, now)
    before, grade = grade_of(here), grade_of(asked)
    if not core.is_lower(Colour(asked.colour), Colour(here.colour)):
        raise GradeMoved
    _decide(asked, True, note, actor, now)
    _apply(here, grade)
    record(
        here.subject, Act.CONFIRM_LOWER, by=actor, at=now, note=asked.note,
        before=before, after=grade,
    )  # fmt: skip
    return here


@transaction.atomic
def refuse_lower(*, regrading: Regrading, note: str, actor: User, now: datetime) -> RiskPoint:
    """Refuse a lower grade, with a reason; the officer who proposed it withdraws it so."""
    here, asked = _waiting(regrading)
    if not note.strip():
        raise Missing("note")
    own = asked.asked_by_id == actor.pk
    if not own and not queries.may_confirm(actor, here, now):
        raise NotAllowed
    _decide(asked, False, note, actor, now)
    act = Act.WITHDRAW_LOWER if own else Act.REFUSE_LOWER
    record(here.subject, act, by=actor, at=now, note=asked.note)
    return here


def grade_of(row: RiskPoint | Regrading) -> dict[str, object]:
    return {name: getattr(row, name) for name in GRADE}


def _apply(risk: RiskPoint, grade: dict[str, object]) -> None:
    for name, value in grade.items():
        setattr(risk, name, value)
    risk.save(update_fields=[*GRADE])


def _waiting(regrading: Regrading) -> tuple[RiskPoint, Regrading]:
    """Return the risk and the proposal, locked, if it still waits."""
    rows = RiskPoint.objects.select_for_update(of=("self",)).select_related("site__unit")
    here = rows.get(pk=regrading.risk_id)
    asked = Regrading.objects.get(pk=regrading.pk)
    if asked.is_granted is not None:
        raise AlreadyDecided
    if not here.is_in_force:
        raise NotInForce
    return here, asked


def _require_second(risk: RiskPoint, asked: Regrading, actor: User, now: datetime) -> None:
    if not queries.may_confirm(actor, risk, now):
        raise NotAllowed
    if asked.asked_by_id in access.same_person(actor, asked.asked_at, now):
        raise SamePerson


def _decide(asked: Regrading, granted: bool, note: str, actor: User, now: datetime) -> None:
    asked.is_granted, asked.note = granted, masked(note).text
    asked.decided_by, asked.decided_at = actor, now
    asked.save(update_fields=["is_granted", "note", "decided_by", "decided_at"])
