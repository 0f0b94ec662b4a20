"""What an import replaced in a case, field by field, in the reader's language.

The titles of the fields are those of the ledger's columns, which the app above brings along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from bihuan.cases import kinds
from bihuan.cases.wording import GRADES

# An instant as the journal keeps it, on the district's wall clock; the page leaves out the offset.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d)[+-]\d\d:\d\d")
Title = Callable[[str], str]
_titles: dict[str, Title] = {}


class Replaced(NamedTuple):
    """One field with what it said and says; what said nothing is empty."""

    title: str
    old: str
    new: str


def register(kind: str, title: Title) -> None:
    """How the fields of this kind's ledger are called."""
    _titles[kind] = title


def title_of(kind: str, field: str) -> str:
    """What the field is called; its own name where nobody says."""
    return _titles[kind](field) if kind in _titles else field


def in_words(kind: str, changes: Iterable[Sequence[str]]) -> list[Replaced]:
    """Changes of a kind of case (field, old, new) as its page shows them."""
    return [
        Replaced(title_of(kind, field), said(kind, field, old), said(kind, field, new))
        for field, old, new in changes
    ]


def said(kind: str, field: str, value: str) -> str:
    """A value that the journal keeps, in words; an empty one is named as such."""
    if not value:
        return _("(empty)")
    if field == "grade":
        return str(GRADES.get(value, value))
    if moment := _MOMENT.fullmatch(value):
        return moment[1]
    if field == "adopted":
        return _("adopted") if value == "True" else _("not adopted")
    return str(kinds.stage_words(kind, value)) if field == "stage" else value
