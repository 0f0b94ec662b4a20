"""Statements about a breach: each is a row that is never changed.

A form that is sent twice creates one statement.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.breaches import queries
from bihuan.breaches.actions import clocks, notification
from bihuan.breaches.models import Breach, Step
from bihuan.core import breach as core
from bihuan.core.breach import Authority, BreachAct, Grade
from bihuan.core.masking import masked
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import User

# A grade is replaced by another grade, and each step of the review by the next.
STRIKABLE = frozenset(
    {
        BreachAct.CONTAIN,
        BreachAct.TELL,
        BreachAct.TELL_PERSONS,
        BreachAct.SPARE_PERSONS,
        BreachAct.ADD,
    }
)
# What a second officer states about a submitted breach.
OF_THE_CHECK = frozenset({BreachAct.SEND_BACK, BreachAct.CLOSE})


class NotToStrike(Refusal):
    """The statement is already void, or is of a type that a later one replaces."""


class TooNew(Refusal):
    """The second officer's post or password is so new that the first officer may have given it."""


@transaction.atomic
def contain(
    *,
    breach: Breach,
    remedy: str,
    at: datetime,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Breach:
    """Record the remedial measures that were taken, and since when they are effective."""
    step = Step(act=BreachAct.CONTAIN, at=at, words=remedy, form_key=form_key)
    return _state(breach, step, actor, now)


@transaction.atomic
def grade(
    *,
    breach: Breach,
    grade: Grade,
    reason: str,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Breach:
    """Set how serious it is. A higher grade takes the shorter clock from the same start; a
    lower one ends the clock, and what was overdue by then stays overdue.
    """

    def change(here: Breach) -> None:
        here.grade = grade

    step = Step(act=BreachAct.GRADE, at=now, words=reason, grade=grade, form_key=form_key)
    return _state(breach, step, actor, now, change)


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
    form_key: UUID | None = None,
) -> Breach:
    """Record that an authority was notified: when, how, and its reference number."""
    step = Step(
        act=BreachAct.TELL, authority=authority, at=at, means=means, receipt=receipt, words=words,
        form_key=form_key,
    )  # fmt: skip
    return _state(breach, step, actor, now)


@transaction.atomic
def tell_persons(
    *,
    breach: Breach,
    at: datetime,
    means: str,
    words: str,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Breach:
    """Record that the people affected were notified, and of what."""
    step = Step(act=BreachAct.TELL_PERSONS, at=at, means=means, words=words, form_key=form_key)
    return _state(breach, step, actor, now)


@transaction.atomic
def spare_persons(
    *, breach: Breach, reason: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Record why they need not be notified: the measures prevent harm (个保法 57 II)."""
    step = Step(act=BreachAct.SPARE_PERSONS, at=now, words=reason, form_key=form_key)
    return _state(breach, step, actor, now)


@transaction.atomic
def add(
    *, breach: Breach, words: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Add further information to the record."""
    return _state(
        breach, Step(act=BreachAct.ADD, at=now, words=words, form_key=form_key), actor, now
    )


@transaction.atomic
def strike(
    *, step: Step, reason: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Mark a wrong statement as void: it stays readable but no longer counts."""

    def require(here: Breach) -> None:
        standing = queries.standing_steps(here).filter(pk=step.pk, act__in=STRIKABLE)
        if not standing.exists():
            raise NotToStrike

    strikes = Step(act=BreachAct.STRIKE, at=now, words=reason, struck=step, form_key=form_key)
    return _state(step.breach, strikes, actor, now, require)


# -------------------------------------------------------------------- four eyes
@transaction.atomic
def ask_check(
    *, breach: Breach, summary: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Submit it to another officer, with the lessons learned, for review and closure."""

    def change(here: Breach) -> None:
        here.asked_by = actor

    step = Step(act=BreachAct.ASK_CHECK, at=now, words=summary, form_key=form_key)
    done = _state(breach, step, actor, now, change)
    turn = Step.objects.filter(breach=done, act=BreachAct.ASK_CHECK).count()
    notification.tell_checkers(done, "check", f"check/{turn}", now, but=actor)
    return done


@transaction.atomic
def send_back(
    *, breach: Breach, reason: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Return it for more work; also by the officer who submitted it."""

    def change(here: Breach) -> None:
        here.asked_by = None

    step = Step(act=BreachAct.SEND_BACK, at=now, words=reason, form_key=form_key)
    return _state(breach, step, actor, now, change)


@transaction.atomic
def close(
    *, breach: Breach, findings: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Close it as a second officer, who has checked that it is contained, reported and notified.

    If there is no second administrator, an auditor does so, or else a leader; the others are
    notified.
    """

    def change(here: Breach) -> None:
        if here.asked_by_id in access.same_person(actor, here.recorded_at, now):
            raise SamePerson
        power = queries.checks_as(actor, here, now)
        if power is None or not access.has_settled(actor, power, unit=here.unit, now=now):
            raise TooNew
        if power is not queries.KEEPER:
            turn = Step.objects.filter(breach=here, act=BreachAct.CLOSE).count()
            what = "closed_by_another"
            notification.tell_keepers(here, what, f"{what}/{turn}", now, but=actor)
            notification.tell_auditors(here, what, f"{what}/{turn}", now)
        here.closed_by, here.closed_at = actor, now
        here.stage = Breach.Stage.CLOSED

    step = Step(act=BreachAct.CLOSE, at=now, words=findings, form_key=form_key)
    return _state(breach, step, actor, now, change)


@transaction.atomic
def reopen(
    *, breach: Breach, reason: str, actor: User, now: datetime, form_key: UUID | None = None
) -> Breach:
    """Reopen it after new findings; it must be reviewed again."""

    def change(here: Breach) -> None:
        here.asked_by = here.closed_by = here.closed_at = None
        here.stage = Breach.Stage.FOUND  # until `refresh` determines the actual stage

    step = Step(act=BreachAct.REOPEN, at=now, words=reason, form_key=form_key)
    return _state(breach, step, actor, now, change)


# --------------------------------------------------------------- what all share
def held(breach: Breach, act: BreachAct, actor: User, now: datetime) -> Breach:
    """Return the breach, locked until the transaction ends, if this officer may make that
    statement.
    """
    here = Breach.objects.select_for_update(of=("self",)).select_related("unit").get(pk=breach.pk)
    if act not in OF_THE_CHECK:
        access.require(actor, queries.KEEPER, unit=here.unit, now=now)
    elif queries.checks_as(actor, here, now) is None:
        raise NotAllowed(queries.KEEPER)
    return here


def has_stated(form_key: UUID | None) -> bool:
    """Whether this form has already made its statement."""
    return form_key is not None and Step.objects.filter(form_key=form_key).exists()


def _nothing(here: Breach) -> None:
    """For statements that change no column of the breach."""


def _state(
    breach: Breach,
    step: Step,
    actor: User,
    now: datetime,
    change: Callable[[Breach], None] = _nothing,
) -> Breach:
    """Save the statement, unless this form has already made it."""
    here = held(breach, BreachAct(step.act), actor, now)
    if has_stated(step.form_key):
        return here
    queries.known(here).require(BreachAct(step.act))
    change(here)
    core.require_time(step.at, found_at=here.found_at, now=now)
    step.breach, step.made_by, step.made_at = here, actor, now
    step.words = masked(step.words).text
    step.save()
    refresh(here, now)
    record(here.subject, step.act, by=actor, at=now, note=step.words, detail=_detail(step, now))
    return here


def _detail(step: Step, now: datetime) -> dict[str, object]:
    detail = {
        "at": step.at.isoformat(),
        "grade": step.grade,
        "authority": step.authority,
        "means": step.means,
        "receipt": step.receipt,
        "struck": step.struck_id,
        "power": queries.checks_as(step.made_by, step.breach, now)
        if step.act in OF_THE_CHECK
        else None,
    }
    return {name: value for name, value in detail.items() if value}


def refresh(breach: Breach, now: datetime) -> None:
    """Update the stage and the clock from the statements made so far."""
    known = queries.known(breach)
    clocks.settle(breach, known, now)
    breach.stage = known.stage
    breach.save()
