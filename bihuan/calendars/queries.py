"""The calendar of a place: the years of the release, overridden by those loaded since."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from bihuan.calendars.models import CalendarYear
from bihuan.calendars.refusals import NoCalendar
from bihuan.core import plausible
from bihuan.core.festivals import Festivals, read
from bihuan.core.holidays import PublishedYear, parse
from bihuan.core.outlook import Outlook, continued
from bihuan.core.plausible import Doubtful
from bihuan.core.rules import lineage
from bihuan.core.workdays import WorkCalendar

BUNDLED = Path(__file__).parent / "data"

# A loaded year by id and digest, so that a cached calendar is never confused with another.
Loaded = tuple[tuple[int, str], ...]


def calendar(jurisdiction: str = "CN") -> WorkCalendar:
    """Return the holidays in force in the place: only loaded years, and not a day beyond them."""
    return outlook(jurisdiction).loaded


def outlook(jurisdiction: str = "CN") -> Outlook:
    """Return the holidays in force in the place, or in the nearest jurisdiction above that has any,
    and what is expected of the years after them.

    It costs one small query, which detects a newly loaded year; call it once and pass the result
    on.
    """
    places = lineage(jurisdiction)
    loaded = _loaded(places)
    for place in places:
        if place in loaded or bundled(place):
            return _outlook(place, loaded.get(place, ()))
    raise NoCalendar(jurisdiction)


def year_in_force(jurisdiction: str, year: int) -> PublishedYear | None:
    """Return the year in force, loaded or of the release."""
    newest = newest_version(jurisdiction, year)
    return newest.published() if newest else bundled(jurisdiction).get(year)


def newest_version(jurisdiction: str, year: int) -> CalendarYear | None:
    versions = CalendarYear.objects.filter(jurisdiction=jurisdiction, year=year)
    return versions.order_by("-version").first()


@cache
def bundled(jurisdiction: str) -> Mapping[int, PublishedYear]:
    """Return the years that come with the release."""
    files = sorted((BUNDLED / jurisdiction.lower()).glob("*.json"))
    years = [parse(json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return {published.year: published for published in years}


def doubts(jurisdiction: str, year: PublishedYear) -> list[Doubtful]:
    """Return the reasons to doubt a year, given the law and the known years of the place."""
    law = festivals(jurisdiction)
    known = next(filter(None, map(bundled, lineage(jurisdiction))), {}).values()
    return list(plausible.doubts(year, law=law.shortest(year.year) if law else None, known=known))


@cache
def festivals(jurisdiction: str) -> Festivals | None:
    """Return the festivals that the law names in the place, or in the nearest jurisdiction
    above.
    """
    for place in lineage(jurisdiction):
        file = BUNDLED / place.lower() / "festivals.toml"
        if file.exists():
            return read(tomllib.loads(file.read_text(encoding="utf-8")))
    return None


def _loaded(places: tuple[str, ...]) -> dict[str, Loaded]:
    """Return the newest version of each loaded year, by place."""
    rows = CalendarYear.objects.filter(jurisdiction__in=places).order_by("year", "version")
    newest: dict[str, dict[int, tuple[int, str]]] = {}
    for place, year, pk, digest in rows.values_list("jurisdiction", "year", "pk", "digest"):
        newest.setdefault(place, {})[year] = (pk, digest)
    return {place: tuple(years.values()) for place, years in newest.items()}


@lru_cache(maxsize=16)
def _outlook(place: str, loaded: Loaded) -> Outlook:
    rows = CalendarYear.objects.filter(pk__in=[pk for pk, _digest in loaded])
    years = {row.year: row.published() for row in rows}
    return continued(place, {**bundled(place), **years}.values(), festivals(place))
