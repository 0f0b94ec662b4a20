"""After the answer: its receipt, the review and re-review by the next level up, the closure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from bihuan.cases.actions import evidence, loop, recipients
from bihuan.cases.actions.evidence import Upload
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import legible
from bihuan.core.grievance import ClockPurpose, GrievanceFact, Move, Service
from bihuan.core.lifecycle import FactMissing
from bihuan.core.refusal import Missing
from bihuan.grievances import queries
from bihuan.grievances.actions.procedure_clocks import proceed, start_from
from bihuan.grievances.models import Opinion
from bihuan.grievances.queries import (
    REVIEWS,
    Round,
    forget_record,
    procedure_of,
    record_of,
    way_of,
)
from bihuan.grievances.refusals import NobodyToReview, NotServedThen, UnknownService
from bihuan.journal.actions import record as note_down
from bihuan.orgs.models import User
from bihuan.receipts.actions.public import say_why, write
from bihuan.receipts.models import Message

WINDOWS = {Move.ASK_REVIEW: ClockPurpose.ASK_REVIEW, Move.ASK_REREVIEW: ClockPurpose.ASK_REREVIEW}


def letter_seen(case: Case, letter: Message, now: datetime) -> None:
    """The reporter reads the opinion: the time for requesting a review counts from today,
    unless it counts from its service on paper.
    """
    opinions = Opinion.objects.filter(letter=letter, served_at=None, round__in=REVIEWS)
    if not opinions.exists():
        return
    fresh = loop.locked(case)
    # The officer recording the service may have held the lock until now.
    opinion = opinions.first()
    if opinion is not None and queries.is_reviewable(record_of(fresh)):
        _open_window(fresh, opinion, now, now)
        note_down(fresh.subject, "letter_seen", by=None, at=now, detail={"by_reporter": True})


@transaction.atomic
def serve(
    *,
    case: Case,
    actor: User,
    now: datetime,
    served_date: date,
    service: str,
    receipt: Sequence[Upload] = (),
    note: str = "",
    version: int | None = None,
) -> Case:
    """Record that the last answer was served on paper that day, from which the time for
    requesting a review counts. The reporter is notified of the record.
    """
    act = loop.begin(case=case, move=Move.SERVE, actor=actor, now=now, note=note, version=version)
    opinion = queries.last_issued(act.case)
    assert opinion is not None, "what is not served was issued"
    way = Service(service)
    if way not in procedure_of(record_of(act.case)).service:
        raise UnknownService
    opinion.served_at, opinion.served_way = _moment_of(served_date, opinion, now), way.value
    opinion.save(update_fields=["served_at", "served_way"])
    if queries.is_reviewable(record_of(act.case)):
        _open_window(act.case, opinion, opinion.served_at, now)
    day = served_date.isoformat()
    act.detail.update(served=day, service=way.value)
    evidence.keep_in(act, receipt, "document", is_shown=False, caption="")
    write(act, Message.Kind.NOTICE, what=f"served/{way}", detail={"day": day})
    forget_record(act.case)
    return loop.finish(act, starts=())


def _moment_of(served_date: date, opinion: Opinion, now: datetime) -> datetime:
    """Return any moment of that day: terms count from the day after (CAL-2)."""
    assert opinion.issued_at is not None
    issued_date = running.local_date(opinion.issued_at)
    if not issued_date <= served_date <= running.local_date(now):
        raise NotServedThen(issued_date)
    return max(opinion.issued_at, datetime.combine(served_date, time.min, running.zone()))


def _open_window(case: Case, opinion: Opinion, at: datetime, now: datetime) -> None:
    """Open the window for requesting what follows this opinion."""
    record, slot = record_of(case), REVIEWS.get(Round(opinion.round))
    for rule_id in procedure_of(record).rules(slot, way_of(record)) if slot else ():
        start_from(case, rule_id, at, now)


@transaction.atomic
def ask_review(*, case: Case, note: str, now: datetime) -> Case:
    """Request the next level up to examine it: the review, or after it the re-review.

    A late request is flagged and accepted (CAL-4).
    """
    queries.forget_record(case)
    asked = record_of(case)
    if not queries.is_reviewable(asked):
        # PET-14, or a pathway without a review: the same at every stage.
        raise FactMissing(GrievanceFact.REVIEWABLE)
    move = Move.ASK_REREVIEW if asked.was_reviewed else Move.ASK_REVIEW
    act = loop.begin_public(case=case, move=move, now=now)
    if not legible.has_words(note):
        raise Missing("note")
    say_why(act, note)
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
        recipients.confide(act.case, now)
    act.detail.update(owner=unit.name, late=late)
    write(act, Message.Kind.NOTICE, what="review_taken", detail={"unit": unit.name})
    return proceed(act)


def _is_late(case: Case, window: ClockPurpose, now: datetime) -> bool:
    rules = procedure_of(record_of(case)).every_rule(window)
    last = case.clocks.filter(rule_id__in=rules).order_by("started_at").last()
    return last is not None and last.due_at < now


@transaction.atomic
def begin_hearing(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Begin a public hearing of both sides; only its time is not counted (PET-13)."""
    act = loop.begin(
        case=case, move=Move.BEGIN_HEARING, actor=actor, now=now, note=note, version=version
    )
    for clock in _review_clocks(act.case):
        running.suspend(clock, now, act.note)
    _note_hearing(act, now)
    return proceed(act)


@transaction.atomic
def end_hearing(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """End the hearing; the clock resumes."""
    act = loop.begin(
        case=case, move=Move.END_HEARING, actor=actor, now=now, note=note, version=version
    )
    for clock in _review_clocks(act.case):
        running.resume(clock, now)
    _note_hearing(act, None)
    return proceed(act)


def _note_hearing(act: loop.MoveContext, began_at: datetime | None) -> None:
    record = record_of(act.case)
    act.change(record, hearing_began_at=began_at)
    record.save(update_fields=["hearing_began_at"])


def _review_clocks(case: Case) -> list[Clock]:
    rules = procedure_of(record_of(case)).every_rule(ClockPurpose.REREVIEW)
    return list(case.clocks.filter(stopped_at=None, rule_id__in=rules))


@transaction.atomic
def close(
    *, case: Case, actor: User, now: datetime, note: str = "", version: int | None = None
) -> Case:
    """Close it; a review can still be requested, and a rating is not required."""
    act = loop.begin(case=case, move=Move.CLOSE, actor=actor, now=now, note=note, version=version)
    act.change(act.case, closed_by=actor)
    return proceed(act)
