"""How much may come under one code within a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from bihuan.cases.actions.evidence import Upload
from bihuan.cases.models import Case, Evidence
from bihuan.core.refusal import Refusal
from bihuan.files import actions as files
from bihuan.files.actions import Checked

# What may be given under one code within a day; an office can ask for more another day.
A_DAY = timedelta(days=1)
MOST_A_DAY = 40


class TooManyFiles(Refusal):
    """More files under one code within a day than may come."""


def nameless(upload: Upload) -> Checked:
    """What somebody brings, under a name that says nothing."""
    return (upload if isinstance(upload, Checked) else files.check(upload)).nameless


def require_room(case: Case, slot: str, coming: int, now: datetime) -> None:
    """Refuse what is more than anybody gives under one code in a day.

    Each code has a room of its own, so that no side of a mediation fills up the other's.
    """
    given = Evidence.objects.given_since(case.pk, slot, now - A_DAY)
    if coming and given.count() + coming > MOST_A_DAY:
        raise TooManyFiles
