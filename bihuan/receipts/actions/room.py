"""Limits on what may be submitted with one code in a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bihuan.cases.models import Case, Evidence
from bihuan.core.refusal import Refusal
from bihuan.core.sameness import plain
from bihuan.core.seals import Erased, Unreadable
from bihuan.files.actions import Checked
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions import seals
from bihuan.receipts.models import Seal

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


def named(upload: Checked, people: Iterable[Identity | None]) -> Checked:
    """Return a file of the public under the name that may be kept: none with the name of one of
    these people, which is sealed.
    """
    said = plain(upload.name.casefold())
    names = [plain(each.name.casefold()) for each in people if each]
    return upload.nameless if any(name and name in said for name in names) else upload.of_public


def named_later(case: Case, uploads: Sequence[Checked]) -> list[Checked]:
    """Return files that are added to a report, under the names that may be kept."""
    if all(each.name == each.nameless.name for each in uploads):
        return list(uploads)
    try:
        people = [seals.unsealed(row) for row in Seal.objects.filter(case=case)]
    except (Erased, Unreadable):
        return [each.nameless for each in uploads]
    return [named(each, people) for each in uploads]
