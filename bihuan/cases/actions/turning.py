"""Turn a photo that was taken sideways, and journal it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases import kinds, queries
from bihuan.cases.actions import loop
from bihuan.cases.models import Case, Evidence
from bihuan.core import lifecycle
from bihuan.core.refusal import NotAllowed
from bihuan.files.models import StoredFile
from bihuan.journal.actions import record
from bihuan.orgs.models import User

FULL_TURN = 4


@transaction.atomic
def turn(*, picture: Evidence, actor: User, turns: int, now: datetime) -> None:
    """Show it turned to the right by this number of quarters from how it was received.

    The bytes and their digest are the evidence and stay as they are.
    """
    case = loop.locked(picture.case)
    row = Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=picture.pk)
    if not may_turn(case, actor, now) or not is_turned_by(row, actor):
        raise NotAllowed
    before, row.turns = row.turns, turns % FULL_TURN
    if row.turns == before:
        return
    row.save(update_fields=["turns"])
    record(
        case.subject, "turn_photo", by=actor, at=now, detail={"files": [row.file.sha256]},
        before={"turns": before}, after={"turns": row.turns},
    )  # fmt: skip


def may_turn(case: Case, actor: User, now: datetime) -> bool:
    """Condition for officers who may add evidence to the case now."""
    if queries.is_shut_to(actor, case, now):
        return False
    seen, person = queries.situation(case), queries.person(actor, now)
    return lifecycle.may(kinds.of(case).lifecycle, "attach", seen, person)


def is_turned_by(row: Evidence, actor: User) -> bool:
    """Whether it is a photo, and not one with which another officer shows the fix or the check."""
    is_of_a_side = row.phase in (Evidence.Phase.AFTER, Evidence.Phase.CHECK)
    is_photo = row.file.kind == StoredFile.Kind.PHOTO
    return is_photo and (not is_of_a_side or row.added_by_id == actor.pk)
