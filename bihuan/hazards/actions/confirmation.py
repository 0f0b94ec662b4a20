"""Confirmation by a second officer of verifications and closures that are only in a ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.core.hazard import Move
from bihuan.orgs.models import User


@transaction.atomic
def confirm_closure(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Confirm the ledger: the fix was verified."""
    act = loop.begin(
        case=case, move=Move.CONFIRM_CLOSURE, actor=actor, now=now, note=note, version=version
    )
    act.change(act.case, import_check=Case.ImportCheck.CONFIRMED.value, import_checked_by=actor)
    return loop.finish(act)


@transaction.atomic
def doubt_closure(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Reject the ledger's closure: the hazard continues from the planning of the work. This is
    not a recurrence.
    """
    act = loop.begin(
        case=case, move=Move.DOUBT_CLOSURE, actor=actor, now=now, note=note, version=version
    )
    act.asker = act.case.import_by_id
    act.change(
        act.case,
        round_at=now,
        import_check="",
        import_by=None,
        resolver_name="",
        verifier_name="",
        post=None,
        bound=None,
    )
    act.change(act.case.hazard, deadline_date=None, submitted_at=None, verified_date=None)
    act.case.hazard.save(update_fields=["deadline_date", "submitted_at", "verified_date"])
    return loop.finish(act)
