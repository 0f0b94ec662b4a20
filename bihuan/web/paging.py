"""Pages of a list, newest first, found by a neighbour's key without counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
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
    found: QuerySet[M, Any],
    *,
    newer: int | None = None,
    older: int | None = None,
    size: int = SIZE,
    by: str = "",
) -> Page[M]:
    """Return the rows after `older` or before `newer`, both primary keys; sorted by them, or first
    by the time in `by`.
    """
    if newer is not None:
        rows = list(_beyond(found, newer, by, "gt").order_by(*filter(None, (by, "pk")))[: size + 1])
        shown = rows[:size][::-1]
        before = shown[0].pk if len(rows) > size else None
        return Page(shown, before, shown[-1].pk if shown else None)
    below = found if older is None else _beyond(found, older, by, "lt")
    rows = list(below.order_by(*(f"-{name}" for name in (by, "pk") if name))[: size + 1])
    shown = rows[:size]
    before = shown[0].pk if shown and older is not None else None
    return Page(shown, before, shown[-1].pk if len(rows) > size else None)


def _beyond(found: QuerySet[M, Any], key: int, by: str, way: str) -> QuerySet[M, Any]:
    """Return the rows on one side of the row with this key, which may have left the list."""
    if not by:
        return found.filter(**{f"pk__{way}": key})
    at = found.model._default_manager.filter(pk=key).values_list(by, flat=True).first()
    if at is None:
        return found
    beside = Q(**{by: at, f"pk__{way}": key})
    return found.filter(Q(**{f"{by}__{way}": at}) | beside)


def requested(
    request: HttpRequest, found: QuerySet[M, Any], *, size: int = SIZE, by: str = ""
) -> Page[M]:
    """Return the page that the URL requests; invalid keys are ignored."""
    older, newer = (whole(request.GET.get(name, "")) for name in ("older", "newer"))
    return page(found, newer=newer, older=older, size=size, by=by)
