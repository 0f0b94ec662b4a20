"""Phrases for plans: a convenience like saved views, so they are not journaled."""

from __future__ import annotations

from django.db import transaction

from bihuan.cases.models import SavedPhrase
from bihuan.core.masking import masked
from bihuan.orgs.models import Unit, User


@transaction.atomic
def keep_phrase(
    *, phrase: SavedPhrase | None, member: User, use: str, text: str, unit: Unit | None
) -> SavedPhrase:
    """Save a phrase, of the officer or of a unit; names and numbers of persons are masked."""
    kept = phrase or SavedPhrase()
    kept.use, kept.text = use, masked(text).text
    kept.member, kept.unit = (None, unit) if unit else (member, None)
    kept.save()
    return kept


@transaction.atomic
def drop_phrase(*, phrase: SavedPhrase) -> None:
    phrase.delete()
