"""The quarterly report of major hazards is signed; a later edition corrects an earlier one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core import legible
from bihuan.core.masking import masked
from bihuan.core.quarters import Quarter
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.hazards import quarterly
from bihuan.hazards.models import MajorsReport
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, User

SIGN = "sign"


class QuarterNotOver(Refusal):
    """The report of a quarter is signed after its last day."""


class SignedMeanwhile(Refusal):
    """Another edition of the same report was signed at the same time, or is there already."""


@transaction.atomic
def sign(
    *,
    quarter: Quarter,
    post: Post,
    actor: User,
    now: datetime,
    remark: str = "",
    reason: str = "",
    edition: int,
) -> MajorsReport:
    """Sign the report of the unit of this post with the figures as they are now (HAZ-3).

    `edition` is the one that the officer saw as the next: two forms sign one report once.
    """
    _require_may_sign(quarter, post, actor, now)
    _require_next(quarter, post, edition, reason)
    figures = quarterly.figures(post.unit, quarter)
    try:
        with transaction.atomic():
            made = MajorsReport.objects.create(
                unit=post.unit,
                year=quarter.year,
                quarter=quarter.number,
                edition=edition,
                remark=masked(legible.clean(remark)).text,
                reason=legible.clean(reason) if edition > 1 else "",
                post=post,
                signed_at=now,
                **asdict(figures),
            )
    except IntegrityError as clash:
        raise SignedMeanwhile from clash
    after = {"report": str(made), "unit": post.unit_id}
    after |= {name: str(value) for name, value in asdict(figures).items()}
    record(made.subject, SIGN, by=actor, at=now, note=made.reason, after=after)
    return made


def _require_may_sign(quarter: Quarter, post: Post, actor: User, now: datetime) -> None:
    if post.pk not in {each.pk for each in quarterly.posts_to_sign(actor, now)}:
        raise NotAllowed(quarterly.SIGNER)
    if quarter.last_date >= localdate(now):
        raise QuarterNotOver


def _require_next(quarter: Quarter, post: Post, edition: int, reason: str) -> None:
    """Refuse an edition that is there already, and a later one that does not say why."""
    if edition > 1 and not legible.has_words(reason):
        raise Missing("reason")
    there = MajorsReport.objects.filter(
        unit=post.unit, year=quarter.year, quarter=quarter.number
    ).count()
    if edition != there + 1:
        raise SignedMeanwhile
