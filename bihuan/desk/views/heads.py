"""The column headings of the ledger, each with the link that sorts by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.cases.kinds import Words
from bihuan.desk import ordering
from bihuan.desk.listing import Filters
from bihuan.desk.views.lines import columns

_FIRST: Mapping[str, Words] = {
    "number": _("Number"),
    "title": _("Problem"),
    "stage": _("Stage"),
    "due": _("Due"),
}


@dataclass(frozen=True)
class Head:
    """One heading; `place` is its position among several columns of the order."""

    name: str
    label: Words
    url: str = ""
    icon: str = ""
    place: int = 0
    aria: str = ""


def heads(requested: Mapping[str, str], filters: Filters) -> list[Head]:
    """Return the headings of this page. A click sorts by a column first, then as before."""
    titles = columns()
    shown = {**_FIRST, **{name: titles[name] for name in filters.columns}}
    return [_head(name, label, requested, filters.order) for name, label in shown.items()]


def _head(name: str, label: Words, requested: Mapping[str, str], order: ordering.Order) -> Head:
    if name not in ordering.COLUMNS:
        return Head(name, label)
    sort = ordering.written(ordering.turned(order, name))
    url = f"{reverse('desk:ledger')}?{urlencode({**requested, 'sort': sort})}"
    for place, part in enumerate(order, start=1):
        if part.name == name:
            icon, way = ("down", "descending") if part.descending else ("up", "ascending")
            # A table has one sorted column for screen readers: the first.
            aria = way if place == 1 else ""
            return Head(name, label, url, icon, place if len(order) > 1 else 0, aria)
    return Head(name, label, url)


def said(order: ordering.Order) -> list[Words]:
    """Return the names of the columns that the rows are sorted by."""
    titles = {**_FIRST, **columns()}
    return [titles[part.name] for part in order]
