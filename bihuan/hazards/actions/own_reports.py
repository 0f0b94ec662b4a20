"""The officer who reported a hazard corrects or withdraws the report, until it is confirmed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.core.hazard import Move
from bihuan.hazards.actions import duplicates, reporting
from bihuan.orgs.models import User


@transaction.atomic
def correct(
    *,
    case: Case,
    actor: User,
    now: datetime,
    title: str,
    place: str,
    note: str = "",
    description: str = "",
    category: str = "",
    version: int | None = None,
) -> Case:
    """Correct the text; the journal stores a digest of the previous one."""
    act = loop.begin(case=case, move=Move.CORRECT, actor=actor, now=now, note=note, version=version)
    reporting.reword(act, title=title, place=place, description=description, category=category)
    return loop.finish(act)


@transaction.atomic
def withdraw(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Withdraw the report: it ends, and its duplicates are assessed separately again."""
    duplicates.lock(case, None, actor=actor, now=now)
    act = loop.begin(
        case=case, move=Move.WITHDRAW, actor=actor, now=now, note=note, version=version
    )
    duplicates.send_back(act)
    return loop.finish(act)
