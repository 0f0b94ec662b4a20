"""Limits on what may be submitted with one code in a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from bihuan.cases.models import Case, Evidence
from bihuan.core.refusal import Refusal

# The daily limits of one code; an office can ask for more on another day.
A_DAY = timedelta(days=1)
MOST_A_DAY = 40


class TooManyFiles(Refusal):
    """More files with one code in a day than allowed."""


def require_room(case: Case, slot: str, coming: int, now: datetime) -> None:
    """Refuse more than the daily limit of one code.

    Each code has its own limit, so that one party of a mediation cannot use up the other's.
    """
    given = Evidence.objects.given_since(case.pk, slot, now - A_DAY)
    if coming and given.count() + coming > MOST_A_DAY:
        raise TooManyFiles
