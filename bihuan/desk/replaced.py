"""What an import replaced in a case, field by field, in the reader's language.

The names of the fields are those of the ledger's columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bihuan.cases import kinds
from bihuan.journal.models import KeptValues
from bihuan.sheets.ledger.types import title_of

# A local instant as the journal stores it; the page omits the offset.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d)[+-]\d\d:\d\d")


class Replaced(NamedTuple):
    """One field with its old and new values; missing ones are empty."""

    title: str
    old: str
    new: str


def erased(kind: str, detail: Mapping[str, Any], values: KeptValues | None) -> list[str]:
    """Return the fields of an entry whose values are no longer kept."""
    if values is not None and values.erased_at is None:
        return []
    return [title_of(kind, field) for field in detail.get("kept", ())]


def in_words(kind: str, changes: Iterable[Sequence[str]]) -> list[Replaced]:
    """Format changes of a kind of case (field, old, new) for its page."""
    return [
        Replaced(title_of(kind, field), said(kind, field, old), said(kind, field, new))
        for field, old, new in changes
    ]


def said(kind: str, field: str, value: str) -> str:
    """Format a value stored in the journal; an empty one is shown as such."""
    if not value:
        return _("(empty)")
    if write := kinds.detail_words(kind).get(field):
        return write[1](value)
    if moment := _MOMENT.fullmatch(value):
        return moment[1]
    return str(kinds.stage_words(kind, value)) if field == "stage" else value
