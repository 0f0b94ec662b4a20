"""Phrases for plans. Those of an office are journaled; an officer's own are a convenience like
saved views.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.models import SavedPhrase
from bihuan.core.masking import masked
from bihuan.desk.acts import DeskAct
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User


@transaction.atomic
def keep_phrase(
    *,
    phrase: SavedPhrase | None,
    member: User,
    use: str,
    text: str,
    unit: Unit | None,
    now: datetime,
) -> SavedPhrase:
    """Save a phrase, of the officer or of a unit; names and numbers of persons are masked."""
    kept = phrase or SavedPhrase()
    before = _of_office(phrase)
    kept.use, kept.text = use, masked(text).text
    kept.member, kept.unit = (None, unit) if unit else (member, None)
    kept.save()
    _journal(kept.pk, before, _of_office(kept), member, now)
    return kept


@transaction.atomic
def drop_phrase(*, phrase: SavedPhrase, member: User, now: datetime) -> None:
    before, pk = _of_office(phrase), phrase.pk
    phrase.delete()
    _journal(pk, before, {}, member, now)


def _of_office(phrase: SavedPhrase | None) -> dict[str, str]:
    """Return what the journal records of a phrase; nothing of an officer's own."""
    if phrase is None or phrase.unit is None:
        return {}
    return {"unit": phrase.unit.name, "use": phrase.use, "text": phrase.text}


def _journal(
    pk: int, before: dict[str, str], after: dict[str, str], member: User, now: datetime
) -> None:
    if before == after:
        return
    act = DeskAct.KEEP_PHRASE if after else DeskAct.DROP_PHRASE
    record(
        f"phrase/{pk}", act, by=member, at=now, before=before, after=after, detail=after or before
    )
