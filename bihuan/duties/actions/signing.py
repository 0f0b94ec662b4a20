"""Sign the text of a duty as the holder of its post (责任状)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.duties import queries
from bihuan.duties.acts import Act
from bihuan.duties.models import Duty, Signature
from bihuan.duties.refusals import DutyEnded, NotTheHolder, SignedAlready, TextMoved
from bihuan.journal.actions import record
from bihuan.orgs.models import User


@transaction.atomic
def sign(*, duty: Duty, number: int, actor: User, now: datetime) -> Signature:
    """Sign the version of the text that the holder has read; a newer one must be read first."""
    here = Duty.objects.select_for_update(of=("self",)).select_related("post").get(pk=duty.pk)
    if here.ended_at is not None:
        raise DutyEnded
    term = queries.term_of(actor, here.post, localdate(now))
    if term is None:
        raise NotTheHolder
    if number != here.number:
        raise TextMoved
    signed = {
        "duty": here, "number": number, "post": here.post, "since_date": term.start_date,
    }  # fmt: skip
    if Signature.objects.filter(**signed).exists():
        raise SignedAlready
    made = Signature.objects.create(**signed, signed_at=now)
    detail = {"number": number, "post": here.post_id, "since": term.start_date.isoformat()}
    record(here.subject, Act.SIGN, by=actor, at=now, detail=detail)
    return made


@transaction.atomic
def sign_many(*, read: Mapping[int, int], actor: User, now: datetime) -> int:
    """Sign several duties at once, by the version of each that was read; return how many."""
    waiting = queries.to_sign(actor, now).filter(pk__in=[*read]).order_by("pk")
    duties = list(waiting)
    for duty in duties:
        sign(duty=duty, number=read[duty.pk], actor=actor, now=now)
    return len(duties)
