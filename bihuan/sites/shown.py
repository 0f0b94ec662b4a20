"""Sites on maps: the layer of all sites, and the map of one site with its open cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bihuan.cases import kinds
from bihuan.cases import queries as case_queries
from bihuan.core.places import Point
from bihuan.core.shapes import Area, Bounds
from bihuan.maps import shown
from bihuan.maps.layers import MOST, Feature
from bihuan.maps.shown import ShownMap
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.sites import queries
from bihuan.sites.models import Site, SiteCase, SiteQuerySet
from bihuan.sites.sections import Section
from bihuan.web import subjects

# Open cases that the map of a site shows; the list of its problems has the others.
CASES = 60


def layer(user: User, bounds: Bounds | None, now: datetime) -> Iterator[Feature]:
    """The layer of sites: those in use that the officer sees and that have a position."""
    found = queries.visible_to(user, now).open().filter(cell__isnull=False)
    if bounds is not None:
        found = _within(found, bounds)
    for site in found.select_related("unit").order_by("pk")[: MOST + 1]:
        if site.point:
            yield _feature(site, site.point)


def _within(sites: SiteQuerySet, bounds: Bounds) -> SiteQuerySet:
    """Cells are numbered from west to east and row by row, which an index follows."""
    first, last = Point(bounds.south, bounds.west), Point(bounds.north, bounds.east)
    return sites.filter(
        cell__range=(first.cell, last.cell),
        latitude__range=(bounds.south, bounds.north),
        longitude__range=(bounds.west, bounds.east),
    )


def section(site: Site, user: User, now: datetime) -> Section | None:
    """Where the map of a site with a position is: the page fetches it as it is scrolled to."""
    return Section("sites/map.html", {"site": site}) if site.point or site.boundary else None


def map_of(site: Site, user: User, now: datetime) -> ShownMap | None:
    """The map of a site and of its open cases that the officer sees."""
    here = [_feature(site, shape) for shape in (site.area, site.point) if shape]
    cases = list(_open_cases(site, user, now))
    bounds = shown.ground_of([*here, *cases])
    if bounds is None:
        return None
    layers = {"site": (str(site.site_kind), here), "cases": ("", cases)}
    return shown.shown_map(bounds, layers)


def _feature(site: Site, shape: Point | Area) -> Feature:
    note = f"{site.site_kind} · {name_of(site.unit)}"
    return Feature(site.code, site.name, shape, site.get_absolute_url(), note)


def _open_cases(site: Site, user: User, now: datetime) -> Iterator[Feature]:
    linked = SiteCase.objects.filter(site=site, ended_at=None).values("case")
    seen = case_queries.visible_to(user, now).open().filter(pk__in=linked, cell__isnull=False)
    for case in seen.order_by("-pk")[:CASES]:
        if case.point:
            is_late = case.due_at is not None and case.due_at < now
            note = str(kinds.stage_words(case.kind, case.stage))
            url = subjects.url(case.subject)
            tone = "late" if is_late else "soon"
            yield Feature(case.number, f"{case.number} {case.title}", case.point, url, note, tone)
