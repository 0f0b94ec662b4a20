"""After the answer: its receipt, the review and the re-review by the next body up, the closure."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import clocks, intake, loop
from bihuan.cases.actions.public import write
from bihuan.cases.models import Case, Clock, Message
from bihuan.core.grievance import GRIEVANCE, Move, Slot
from bihuan.core.lifecycle import Fact, FactMissing
from bihuan.core.refusal import Missing
from bihuan.grievances import queries
from bihuan.grievances.actions.proceeding import proceed, start
from bihuan.grievances.models import Opinion
from bihuan.grievances.queries import REVIEWS, Round, procedure_of, record_of, way_of
from bihuan.grievances.refusals import NobodyToReview
from bihuan.journal.actions import record as note_down
from bihuan.orgs.models import User

WINDOWS = {Move.ASK_REVIEW: Slot.ASK_REVIEW, Move.ASK_REREVIEW: Slot.ASK_REREVIEW}


def letter_seen(case: Case, letter: Message, now: datetime) -> None:
    """The person has the opinion: from today counts how long a review may be asked for."""
    opinion = Opinion.objects.filter(letter=letter).first()
    slot = REVIEWS.get(Round(opinion.round)) if opinion else None
    if slot is None:
        return
    fresh = loop.locked(case)
    if fresh.kind != GRIEVANCE.kind or not queries.is_reviewable(record_of(fresh)):
        return
    record = record_of(fresh)
    for rule_id in procedure_of(record).rules(slot, way_of(record)):
        start(fresh, rule_id, now)
    note_down(fresh.subject, "letter_seen", by=None, at=now, detail={"by_reporter": True})


@transaction.atomic
def ask_review(*, case: Case, note: str, now: datetime) -> Case:
    """The person wants the next body up to look at it: the review, or after it the re-review.

    A late request is flagged and taken all the same (CAL-4).
    """
    queries.forget_record(case)
    asked = record_of(case)
    if not queries.is_reviewable(asked):
        # PET-14, or a path without a review: the same in whatever stage it is asked.
        raise FactMissing(Fact.REVIEWABLE)
    move = Move.ASK_REREVIEW if asked.was_reviewed else Move.ASK_REVIEW
    act = loop.begin_public(case=case, move=move, now=now, note=note)
    if not act.note:
        raise Missing("note")
    unit = queries.reviewer(act.case, now)
    if unit is None:
        raise NobodyToReview
    record = record_of(act.case)
    late = _is_late(act.case, WINDOWS[move], now)
    if late:
        act.change(record, asked_late=True)
        record.save(update_fields=["asked_late"])
    act.change(act.case, owner=unit, sender=act.case.owner, post=None, closed_by=None)
    if act.case.is_confidential:
        intake.confide(act.case, now)
    act.detail.update(owner=unit.name, late=late)
    write(act, Message.Kind.NOTICE, what="review_taken", detail={"unit": unit.name})
    return proceed(act)


def _is_late(case: Case, window: Slot, now: datetime) -> bool:
    rules = procedure_of(record_of(case)).every_rule(window)
    last = Clock.objects.filter(case=case, rule_id__in=rules).order_by("started_at").last()
    return last is not None and last.due_at < now


@transaction.atomic
def begin_hearing(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Hear both sides in public; its time is not counted, here and nowhere else (PET-13)."""
    act = loop.begin(
        case=case, move=Move.BEGIN_HEARING, actor=actor, now=now, note=note, version=version
    )
    for clock in _review_clocks(act.case):
        clocks.suspend(clock, now, act.note)
    act.change(act.case, stopped_at=now)
    return proceed(act)


@transaction.atomic
def end_hearing(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """The hearing is over, and the time runs on."""
    act = loop.begin(
        case=case, move=Move.END_HEARING, actor=actor, now=now, note=note, version=version
    )
    for clock in _review_clocks(act.case):
        clocks.resume(clock, now)
    act.change(act.case, stopped_at=None)
    return proceed(act)


def _review_clocks(case: Case) -> list[Clock]:
    rules = procedure_of(record_of(case)).every_rule(Slot.REREVIEW)
    return list(Clock.objects.filter(case=case, stopped_at=None, rule_id__in=rules))


@transaction.atomic
def close(
    *, case: Case, actor: User, now: datetime, note: str = "", version: int | None = None
) -> Case:
    """File it away; a review can be asked for all the same, and nobody waits for a rating."""
    act = loop.begin(case=case, move=Move.CLOSE, actor=actor, now=now, note=note, version=version)
    act.change(act.case, closed_by=actor)
    return proceed(act)
