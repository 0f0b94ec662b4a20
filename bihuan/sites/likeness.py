"""Places as imported cases name them, and the sites that they may be.

Candidates come from the word index of the sites: a site shares four characters in a row with the
place. Cases are read in the order of their places, page by page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from bihuan.cases.models import Case, CaseQuerySet
from bihuan.cases.models.words import Matches
from bihuan.cases.queries import visible_to
from bihuan.core import wordlike
from bihuan.orgs.models import User
from bihuan.sites import queries
from bihuan.sites.models import RefusedPlace, Site, SiteCase, SiteWords

PLACES = 15
# Cases that are read for one page, and of one place at once.
ROWS, OF_ONE_PLACE = 400, 200
SITES = 1_000
OFFERED = 3
LIKELY, CERTAIN = 0.5, 0.9
_WINDOW, _MOST_WINDOWS = 4, 10
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,}|[0-9a-z]{3,}")


@dataclass(frozen=True)
class Suggestion:
    """A site that a place may be, and how alike they are."""

    site: Site
    score: float

    @property
    def percent(self) -> int:
        return round(self.score * 100)


@dataclass(frozen=True)
class TypedPlace:
    """A place as text, the cases that name it, and the sites that it may be, likeliest first."""

    place: str
    cases: Sequence[Case]
    suggestions: Sequence[Suggestion]

    @property
    def likely(self) -> int:
        """The site that is proposed; 0 where none is alike enough."""
        first = next(iter(self.suggestions), None)
        return first.site.pk if first and first.score >= CERTAIN else 0


def unlinked(user: User, now: datetime) -> CaseQuerySet:
    """Return the imported cases that the officer sees, name a place, and are at no site."""
    linked = SiteCase.objects.filter(case=OuterRef("pk"), ended_at=None)
    cases = visible_to(user, now).filter(~Exists(linked), channel=Case.Channel.IMPORT)
    return cases.exclude(place="")


def typed_places(user: User, now: datetime, *, after: str = "") -> tuple[list[TypedPlace], str]:
    """Return the places after this one in their order, and from where the next ones are read;
    nothing for that if these are the last.
    """
    rows = list(unlinked(user, now).filter(place__gt=after).order_by("place", "pk")[:ROWS])
    named: dict[str, list[Case]] = defaultdict(list)
    for case in rows:
        named[case.place].append(case)
    shown = list(named)[:PLACES]
    has_more = len(named) > PLACES or len(rows) == ROWS
    found = _suggested(user, now, {place: named[place] for place in shown})
    return found, shown[-1] if has_more and shown else ""


def _suggested(user: User, now: datetime, named: dict[str, list[Case]]) -> list[TypedPlace]:
    sites = _candidates(user, now, named)
    refused = set(RefusedPlace.objects.filter(place__in=named).values_list("site_id", "place"))
    return [
        TypedPlace(
            place,
            cases[:OF_ONE_PLACE],
            _best(place, [site for site in sites if (site.pk, place) not in refused]),
        )
        for place, cases in named.items()
    ]


def _candidates(user: User, now: datetime, places: Iterable[str]) -> list[Site]:
    """Return the open sites that the officer keeps and that share words with one of the places."""
    alike = Q(pk__in=[])
    for window in sorted({window for place in places for window in _windows(place)}):
        alike |= Q(Matches(F("words"), wordlike.sought(window)))
    found = SiteWords.objects.filter(alike).values_list("site_id", flat=True)[:SITES]
    kept = queries.in_charge(user, now).open().filter(pk__in=list(found))
    return list(kept.select_related("unit").order_by("pk"))


def _windows(place: str) -> list[str]:
    """Return the parts of a place by which the index finds sites: four characters in a row."""
    plain = unicodedata.normalize("NFKC", place).lower()
    parts = [
        run[n : n + _WINDOW]
        for run in _RUNS.findall(plain)
        for n in range(max(len(run) - _WINDOW, 0) + 1)
    ]
    return parts[:_MOST_WINDOWS]


def _best(place: str, sites: Iterable[Site]) -> list[Suggestion]:
    scored = [Suggestion(site, _likeness(place, site)) for site in sites]
    likely = [each for each in scored if each.score >= LIKELY]
    return sorted(likely, key=lambda each: (-each.score, each.site.pk))[:OFFERED]


def _likeness(place: str, site: Site) -> float:
    """Compare the place with the name and the address; the name counts for more."""
    return max(_alike(place, site.name), 0.9 * _alike(place, site.address))


def _alike(place: str, text: str) -> float:
    """Return 1 if they are equal, 0.95 if the place contains the text, 0.85 for the reverse."""
    here, there = wordlike.pairs(place), wordlike.pairs(text)
    if not there:
        return 0.0
    if here == there:
        return 1.0
    if there <= here and len(there) > 1:
        return 0.95
    if here <= there and len(here) > 2:
        return 0.85
    return wordlike.likeness(place, text)
