"""A conflict of interest that an officer declares: the officer is excluded from then on."""

from __future__ import annotations

from datetime import datetime

from bihuan.cases.actions.loop import OfficeAct, begin
from bihuan.cases.models import Case, Exclusion
from bihuan.orgs.models import User


def begin_declaration(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None
) -> OfficeAct:
    """Begin the declaration and exclude the officer; the kind passes on the officer's work."""
    act = begin(
        case=case, move="declare_interest", actor=actor, now=now, note=note, version=version
    )
    Exclusion.objects.get_or_create(
        case=act.case,
        member=actor,
        unit=None,
        defaults={"cause": Exclusion.Cause.INTEREST, "added_at": now},
    )
    return act
