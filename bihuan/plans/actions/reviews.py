"""Look back at a closed case (回头看): the fix holds, or the problem has come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.cases import queries as cases
from bihuan.cases.actions.evidence import Upload
from bihuan.core import legible
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.hazards.actions import reporting, verification
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.queries import posts_of
from bihuan.plans import queries
from bihuan.plans.actions import course
from bihuan.plans.acts import Act
from bihuan.plans.models import Review
from bihuan.plans.refusals import DrewIt, InspectsIt, PhotoNeeded, TookPart


@transaction.atomic
def find_holding(
    *, review: Review, note: str, photos: Sequence[Upload], actor: User, now: datetime
) -> Review:
    """State that the fix holds, with a photo: the case is checked again by the loop's own move."""
    here = _due(review, Act.FIND_HOLDING, actor, now)
    if not photos:
        raise PhotoNeeded
    case = cases.case_for(actor, here.case_number, now)
    verification.recheck(case=case, actor=actor, now=now, note=note, photos=photos)
    return _judge(here, Review.Verdict.HOLDS, Act.FIND_HOLDING, note, actor, now)


@transaction.atomic
def find_rebound(*, review: Review, note: str, actor: User, now: datetime) -> Review:
    """State that the problem has come back: the case is reopened by the loop's own move."""
    here = _due(review, Act.FIND_REBOUND, actor, now)
    case = cases.case_for(actor, here.case_number, now)
    reporting.reopen(case=case, actor=actor, now=now, note=note)
    return _judge(here, Review.Verdict.REBOUND, Act.FIND_REBOUND, note, actor, now)


@transaction.atomic
def call_off(*, review: Review, reason: str, actor: User, now: datetime) -> Review:
    """Look back at a case no more, for a stated reason, such as that it was reopened meanwhile."""
    here = locked(review)
    access.require(actor, queries.KEEPER, unit=here.round.unit, now=now)
    _require_due(here, Act.CALL_OFF)
    if here.post_id in posts_of(actor, now):
        raise InspectsIt
    _require_apart(here, actor, now)
    if queries.chose(here, actor, now):
        raise DrewIt
    here.reason = legible.clean(reason)
    if not legible.has_words(here.reason):
        raise Missing("reason")
    return _judge(here, Review.Verdict.CALLED_OFF, Act.CALL_OFF, here.reason, actor, now)


def locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",))
    return rows.select_related("round__unit", "round__draw", "post__unit").get(pk=review.pk)


def _due(review: Review, act: Act, actor: User, now: datetime) -> Review:
    here = locked(review)
    if here.post_id not in posts_of(actor, now):
        raise NotAllowed
    _require_apart(here, actor, now)
    _require_due(here, act)
    return here


def _require_apart(review: Review, actor: User, now: datetime) -> None:
    """Refuse an officer who fixed or checked the case, whatever post the officer holds by now."""
    if queries.took_part(review, actor, now):
        raise TookPart


def _require_due(review: Review, act: Act) -> None:
    if review.verdict != Review.Verdict.DUE:
        raise WrongStage(act, review.verdict)


def _judge(
    review: Review, verdict: Review.Verdict, act: Act, note: str, actor: User, now: datetime
) -> Review:
    review.verdict, review.judged_at = verdict, now
    review.save(update_fields=["verdict", "judged_at", "reason"])
    record(review.subject, act, by=actor, at=now, note=note)
    course.settle(review.round, now)
    return review
