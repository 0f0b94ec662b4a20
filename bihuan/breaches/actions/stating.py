"""What is done about a breach, as somebody states it: each statement is a row that stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.breaches import queries
from bihuan.breaches.actions import clocks, telling
from bihuan.breaches.models import Breach, Step
from bihuan.core import breach as core
from bihuan.core.breach import Act, Authority, Grade
from bihuan.core.masking import masked
from bihuan.core.refusal import Refusal, SamePerson
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import User

# A grade is changed by another one, and the steps of the check by the next of them.
STRIKABLE = frozenset({Act.CONTAIN, Act.TELL, Act.TELL_PERSONS, Act.SPARE_PERSONS, Act.ADD})


class NotToStrike(Refusal):
    """That statement is struck already, or is one that another takes the place of."""


class TooNew(Refusal):
    """The post or the password of the second officer is so new that the first may have given it."""


@transaction.atomic
def contain(*, breach: Breach, remedy: str, at: datetime, actor: User, now: datetime) -> Breach:
    """The remedy that was taken, and since when it holds."""
    here = locked(breach, Act.CONTAIN, actor, now)
    return _state(here, Step(act=Act.CONTAIN, at=at, words=remedy), actor, now)


@transaction.atomic
def grade(*, breach: Breach, grade: Grade, reason: str, actor: User, now: datetime) -> Breach:
    """How serious it is. A higher grade takes the shorter clock from the same start; a lower one
    ends the clock, and what was overdue by then stays overdue."""
    here = locked(breach, Act.GRADE, actor, now)
    here.grade = grade
    return _state(here, Step(act=Act.GRADE, at=now, words=reason, grade=grade), actor, now)


@transaction.atomic
def tell(
    *,
    breach: Breach,
    authority: Authority,
    at: datetime,
    means: str,
    receipt: str,
    words: str,
    actor: User,
    now: datetime,
) -> Breach:
    """An authority was told: when, how, and under which number it took the report."""
    here = locked(breach, Act.TELL, actor, now)
    step = Step(act=Act.TELL, authority=authority, at=at, means=means, receipt=receipt, words=words)
    return _state(here, step, actor, now)


@transaction.atomic
def tell_persons(
    *, breach: Breach, at: datetime, means: str, words: str, actor: User, now: datetime
) -> Breach:
    """The persons concerned were told, and what."""
    here = locked(breach, Act.TELL_PERSONS, actor, now)
    step = Step(act=Act.TELL_PERSONS, at=at, means=means, words=words)
    return _state(here, step, actor, now)


@transaction.atomic
def spare_persons(*, breach: Breach, reason: str, actor: User, now: datetime) -> Breach:
    """They need not be told, because the remedy keeps harm away (个保法 57 II); and why so."""
    here = locked(breach, Act.SPARE_PERSONS, actor, now)
    return _state(here, Step(act=Act.SPARE_PERSONS, at=now, words=reason), actor, now)


@transaction.atomic
def add(*, breach: Breach, words: str, actor: User, now: datetime) -> Breach:
    """Something more that belongs to the record."""
    here = locked(breach, Act.ADD, actor, now)
    return _state(here, Step(act=Act.ADD, at=now, words=words), actor, now)


@transaction.atomic
def strike(*, step: Step, reason: str, actor: User, now: datetime) -> Breach:
    """A statement was wrong: it stays to be read, and counts no longer."""
    here = locked(step.breach, Act.STRIKE, actor, now)
    standing = queries.standing_steps(here).filter(pk=step.pk, act__in=STRIKABLE)
    if not standing.exists():
        raise NotToStrike
    return _state(here, Step(act=Act.STRIKE, at=now, words=reason, struck=step), actor, now)


# -------------------------------------------------------------------- four eyes
@transaction.atomic
def ask_check(*, breach: Breach, summary: str, actor: User, now: datetime) -> Breach:
    """Hand it in: what was learned, for somebody else to check and close."""
    here = locked(breach, Act.ASK_CHECK, actor, now)
    here.asked_by = actor
    done = _state(here, Step(act=Act.ASK_CHECK, at=now, words=summary), actor, now)
    turn = Step.objects.filter(breach=here, act=Act.ASK_CHECK).count()
    telling.tell_keepers(here, "check", f"check/{turn}", now, but=actor)
    return done


@transaction.atomic
def send_back(*, breach: Breach, reason: str, actor: User, now: datetime) -> Breach:
    """It is not done yet; also by the officer who handed it in."""
    here = locked(breach, Act.SEND_BACK, actor, now)
    here.asked_by = None
    return _state(here, Step(act=Act.SEND_BACK, at=now, words=reason), actor, now)


@transaction.atomic
def close(*, breach: Breach, findings: str, actor: User, now: datetime) -> Breach:
    """A second officer has checked that it is contained, reported and told, and closes it."""
    here = locked(breach, Act.CLOSE, actor, now)
    if here.asked_by_id == actor.pk:
        raise SamePerson
    if not access.has_settled(actor, queries.KEEPER, unit=here.unit, now=now):
        raise TooNew
    here.closed_by, here.closed_at = actor, now
    here.stage = Breach.Stage.CLOSED
    return _state(here, Step(act=Act.CLOSE, at=now, words=findings), actor, now)


@transaction.atomic
def reopen(*, breach: Breach, reason: str, actor: User, now: datetime) -> Breach:
    """Something came to light: work on it goes on, and it is checked again."""
    here = locked(breach, Act.REOPEN, actor, now)
    here.asked_by = here.closed_by = here.closed_at = None
    here.stage = Breach.Stage.FOUND  # until `refresh` says how far it is
    return _state(here, Step(act=Act.REOPEN, at=now, words=reason), actor, now)


# --------------------------------------------------------------- what all share
def locked(breach: Breach, act: Act, actor: User, now: datetime) -> Breach:
    """The breach, held until the act is done, if this officer may state that of it now."""
    here = Breach.objects.select_for_update(of=("self",)).select_related("unit").get(pk=breach.pk)
    access.require(actor, queries.KEEPER, unit=here.unit, now=now)
    queries.known(here).require(act)
    return here


def _state(breach: Breach, step: Step, actor: User, now: datetime) -> Breach:
    core.require_time(step.at, found_at=breach.found_at, now=now)
    step.breach, step.made_by, step.made_at = breach, actor, now
    step.words = masked(step.words).text
    step.save()
    refresh(breach, now)
    detail = {
        "at": step.at.isoformat(),
        "grade": step.grade,
        "authority": step.authority,
        "means": step.means,
        "receipt": step.receipt,
        "struck": step.struck_id,
    }
    told = {name: value for name, value in detail.items() if value}
    record(breach.subject, step.act, by=actor, at=now, note=step.words, detail=told)
    return breach


def refresh(breach: Breach, now: datetime) -> None:
    """Have the stage and the clock follow from what is stated by now."""
    known = queries.known(breach)
    clocks.settle(breach, known, now)
    breach.stage = known.stage
    breach.save()
