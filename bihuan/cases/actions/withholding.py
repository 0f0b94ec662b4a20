"""Hide a picture that was shown to holders of a code by mistake, and journal it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.actions import loop
from bihuan.cases.models import Case, Evidence
from bihuan.core import legible
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import User

# Officers who work on the case or are responsible for it.
KEEPERS = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE})
SHOWN = Evidence.Audience.CODES


@transaction.atomic
def keep_back(*, picture: Evidence, actor: User, note: str, now: datetime) -> None:
    """Hide it from all holders of a code except the person who sent it.

    It cannot be recalled from those who have seen it.
    """
    case = loop.locked(picture.case)
    if not may_keep_back(case, actor, now):
        raise NotAllowed
    if not legible.has_words(note):
        raise Missing("note")
    row = Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=picture.pk)
    if row.shown_to != SHOWN:
        return
    row.shown_to = Evidence.Audience.GIVER if row.slot else Evidence.Audience.OFFICE
    row.save(update_fields=["shown_to"])
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    detail = {"files": [row.file.sha256]}
    record(
        case.subject, "keep_back", by=actor, at=now, note=legible.clean(note), detail=detail,
        before={"shown_to": SHOWN.value}, after={"shown_to": row.shown_to},
    )  # fmt: skip


def may_keep_back(case: Case, actor: User, now: datetime) -> bool:
    """Condition for officers of the responsible unit, of the origin, and of the units above
    them.
    """
    if queries.is_shut_to(actor, case, now):
        return False
    return any(
        seat.powers & KEEPERS and (seat.reaches(case.owner) or seat.reaches(case.origin))
        for seat in access.own_seats(actor, localdate(now))
    )
