"""Pages of a list, newest first, found by a neighbour's key without counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from bihuan.core.numerals import whole

SIZE = 20

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows, and the keys that lead to the neighbouring pages (None: there is none)."""

    rows: list[M]
    newer: int | None
    older: int | None

    def links(self, query: str = "") -> dict[str, str]:
        """Return the context of `web/pager.html`; `query` are the encoded filters of the list."""
        lead = f"?{query}&" if query else "?"
        return {
            "previous_url": f"{lead}newer={self.newer}" if self.newer else "",
            "next_url": f"{lead}older={self.older}" if self.older else "",
        }


def page(
    found: QuerySet[M, Any], *, newer: int | None = None, older: int | None = None, size: int = SIZE
) -> Page[M]:
    """Return the rows after `older` or before `newer`, both primary keys."""
    if newer is not None:
        rows = list(found.filter(pk__gt=newer).order_by("pk")[: size + 1])
        shown = rows[:size][::-1]
        before = shown[0].pk if len(rows) > size else None
        return Page(shown, before, shown[-1].pk if shown else None)
    below = found if older is None else found.filter(pk__lt=older)
    rows = list(below.order_by("-pk")[: size + 1])
    shown = rows[:size]
    before = shown[0].pk if shown and older is not None else None
    return Page(shown, before, shown[-1].pk if len(rows) > size else None)


def requested(request: HttpRequest, found: QuerySet[M, Any], *, size: int = SIZE) -> Page[M]:
    """Return the page that the URL requests; invalid keys are ignored."""
    older, newer = (whole(request.GET.get(name, "")) for name in ("older", "newer"))
    return page(found, newer=newer, older=older, size=size)
