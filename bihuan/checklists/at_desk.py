"""Checklists in the search box, and their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from bihuan.checklists import queries
from bihuan.checklists.models import Checklist
from bihuan.core.numerals import whole
from bihuan.orgs.choices import name_of
from bihuan.orgs.models import User
from bihuan.web.finding import MOST, FoundPlace


def found(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Return visible lists by words of their title."""
    named = Q(title__icontains=words) | Q(title_en__icontains=words)
    rows = queries.visible_to(user, now).filter(named, retired_at=None).order_by("title", "pk")
    for row in rows[:MOST]:
        yield FoundPlace(str(row), row.get_absolute_url(), "check", name_of(row.unit))


def name(key: str) -> str:
    """Return the title of a list by its key."""
    number = whole(key)
    row = Checklist.objects.filter(pk=number).first() if number is not None else None
    return str(row) if row else key
