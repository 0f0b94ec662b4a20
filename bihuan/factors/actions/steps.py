"""Steps shared by all actions on a second factor: journal, notify, end pending set-ups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bihuan.factors.acts import FactorAct
from bihuan.journal.actions import record
from bihuan.notices.actions import tell as tell_members
from bihuan.orgs.models import User

SUBJECT = "second-factor"


def note(
    holder: User,
    act: FactorAct,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one entry to the journal of the officer."""
    record(
        holder.subject,
        act.value,
        by=actor,
        at=now,
        note=reason,
        after=detail,
        detail=detail,
    )


def tell(
    holder: User,
    act: FactorAct,
    *,
    now: datetime,
    to: User | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Notify the officer, or other officers, of a change to the officer's second factor."""
    tell_members(
        [to or holder],
        subject=f"{SUBJECT}/{holder.pk}",
        what=act.value,
        cause=f"{act.value}/{holder.pk}/{now.isoformat()}",
        now=now,
        detail=detail,
    )
