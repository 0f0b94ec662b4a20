"""What a plan will make, calculated before it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.calendars.queries import outlook
from bihuan.core.recurrence import HOLIDAYS, Recurrence, Window
from bihuan.orgs.models import Post
from bihuan.plans.models import Kind
from bihuan.plans.queries.selection import Inspectors, Selection, places
from bihuan.sites.models import Site

YEAR = timedelta(days=365)
SHOWN = 10


@dataclass(frozen=True)
class Preview:
    """The sites and windows of the next twelve months, and how the sites are shared out."""

    sites: int
    some: Sequence[Site]
    windows: Sequence[Window]
    shares: Sequence[tuple[Post, int]]
    without_post: int
    # Its holidays are not published yet, so windows before them are still unknown.
    unknown_year: int = 0

    @property
    def inspections(self) -> int:
        return self.sites * len(self.windows)


def of(
    selection: Selection, recurrence: Recurrence, kind: Kind, posts: Sequence[Post], on: date
) -> Preview:
    """Work out a plan that would be kept today."""
    found = selection.sites()
    if kind == Kind.SELF_CHECK:
        found = found.exclude(operator_unit=None)
    inspectors = Inspectors(tuple(posts), kind == Kind.JOINT)
    counted: Counter[int] = Counter()
    sites = places(found)
    without = 0
    for place in sites:
        chosen = inspectors.of(place)
        without += not chosen
        counted.update(post.pk for post in chosen)
    return Preview(
        sites=len(sites),
        some=list(found.select_related("unit").order_by("pk")[:SHOWN]),
        windows=coming(recurrence, on),
        shares=[(post, counted[post.pk]) for post in posts],
        without_post=0 if kind == Kind.SELF_CHECK else without,
        unknown_year=unknown_year(recurrence, on),
    )


def coming(recurrence: Recurrence, on: date) -> list[Window]:
    """Return the windows of the next twelve months, with the one that has begun."""
    found = recurrence.windows(on - YEAR, on + YEAR, outlook().loaded)
    return [window for window in found if window.complete_date >= on]


def unknown_year(recurrence: Recurrence, on: date) -> int:
    """Return the year whose holidays decide about windows and are not loaded, or 0."""
    if recurrence.every not in HOLIDAYS:
        return 0
    year = outlook().next_year
    return year if date(year, 1, 1) <= on + YEAR else 0
