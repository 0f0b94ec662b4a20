"""Publications for everyone: replies, and hazards on a map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from bihuan.cases.queries import as_shown
from bihuan.core.numerals import whole
from bihuan.core.places import Point
from bihuan.orgs.models import Unit
from bihuan.portal.queries import offices
from bihuan.receipts import sides
from bihuan.receipts.models import Publication

SIZE = 20
ON_THE_MAP = 300
WORDS = 5
LONGEST = 60


@dataclass(frozen=True)
class PublicationSearch:
    """A search."""

    words: str = ""
    unit: Unit | None = None
    after: int = 0

    @classmethod
    def of(cls, words: str, code: str, after: str, on: date) -> PublicationSearch:
        """Parse it from a URL; invalid parts are ignored."""
        units = offices.public_units(on).filter(code=code[:32]) if code else Unit.objects.none()
        return cls(words.replace("\x00", "").strip()[:LONGEST], units.first(), whole(after) or 0)


@dataclass(frozen=True)
class Page:
    """Part of the results, and where the next page starts (0: this was the last)."""

    found: list[Publication]
    after: int


def answers(asked: PublicationSearch, now: datetime) -> Page:
    """Return publications with an answer, latest first."""
    return _page(_shown(asked).exclude(answer=""), asked.after, now)


def answer(pk: int, now: datetime) -> Publication | None:
    found = _shown(PublicationSearch()).exclude(answer="").filter(pk=pk)
    return next(iter(_as_shown(found, now)), None)


def dangers(asked: PublicationSearch, now: datetime) -> Page:
    """Return published hazards, latest first."""
    return _page(_dangers(asked), asked.after, now)


def points(asked: PublicationSearch) -> dict[int, Point]:
    """Return the locations of these hazards, with public precision, by publication."""
    placed = _dangers(asked).filter(latitude__isnull=False).order_by("-published_at", "-pk")
    rows = placed.values_list("pk", "latitude", "longitude")[:ON_THE_MAP]
    return {
        pk: Point(latitude, longitude).rounded()
        for pk, latitude, longitude in rows
        if latitude is not None and longitude is not None
    }


def danger(pk: int) -> Publication | None:
    return _dangers(PublicationSearch()).filter(pk=pk).first()


def _dangers(asked: PublicationSearch) -> QuerySet[Publication]:
    return _shown(asked).filter(case__kind__in=sides.on_map())


def _shown(asked: PublicationSearch) -> QuerySet[Publication]:
    """Return what is public now; the published texts and the unit are searched, never the texts
    of the case.
    """
    found = Publication.objects.filter(withdrawn_at=None, case__is_confidential=False)
    for word in asked.words.split()[:WORDS]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(text__icontains=word)
            | Q(answer__icontains=word)
            | Q(place__icontains=word)
            | Q(case__owner__name__icontains=word)
            | Q(case__owner__name_en__icontains=word)
        )
    if asked.unit:
        found = found.filter(case__owner__path__startswith=asked.unit.path)
    return found.select_related("case__owner", "case__resolved_unit")


def _as_shown(found: Iterable[Publication], now: datetime) -> list[Publication]:
    """Return these with their cases as the public sees them: an act may still be undone."""
    rows = list(found)
    for row, shown in zip(rows, as_shown.all_of([row.case for row in rows], now), strict=True):
        row.case = shown.case
    return rows


def _page(found: QuerySet[Publication], after: int, now: datetime) -> Page:
    last = Publication.objects.filter(pk=after).first() if after else None
    if last:
        earlier = Q(published_at__lt=last.published_at)
        found = found.filter(earlier | Q(published_at=last.published_at, pk__lt=last.pk))
    page = _as_shown(found.order_by("-published_at", "-pk")[: SIZE + 1], now)
    return Page(page[:SIZE], page[SIZE - 1].pk if len(page) > SIZE else 0)
