"""What a poster fills in: the place of a site, or a unit. Nothing is counted or kept of a scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from bihuan.orgs.models import Unit
from bihuan.portal.queries import places
from bihuan.portal.queries.offices import for_public
from bihuan.sites import posters
from bihuan.sites.models import Site


@dataclass(frozen=True)
class Posted:
    """What the address of a poster means; `is_unknown` if it named something that is not there."""

    site: Site | None = None
    unit: Unit | None = None
    query: str = ""
    initial: Mapping[str, object] = field(default_factory=dict)
    is_unknown: bool = False


def posted(address: Mapping[str, str], on: date) -> Posted:
    """Return what the address of the report names."""
    if code := address.get(posters.SITE, ""):
        site = open_site(code)
        return Posted(is_unknown=True) if site is None else _of_site(site, on)
    if code := address.get(posters.UNIT, ""):
        unit = posters.unit_of(code)
        place = _place(unit, on) if unit else None
        if unit is None or place is None:
            return Posted(is_unknown=True)
        query = urlencode({posters.UNIT: unit.code})
        return Posted(unit=unit, query=query, initial={"unit": [place.pk]})
    return Posted()


def open_site(code: str) -> Site | None:
    """Return the open site with this code, if its unit is for the public."""
    site = posters.site_of(code)
    if site is None or not for_public(Unit.objects.filter(pk=site.unit_id)).exists():
        return None
    return site


def _of_site(site: Site, on: date) -> Posted:
    place = _place(site.unit, on)
    initial: dict[str, object] = {"site": site.code, "place": posters.place_of(site)}
    if place is not None:
        initial["unit"] = [place.pk]
    return Posted(site, place, urlencode({posters.SITE: site.code}), initial)


def _place(unit: Unit, on: date) -> Unit | None:
    """Return the unit, or the nearest above it, that people can choose as a place."""
    offered = places.public_places(on).filter(path__in=[unit.path, *unit.paths_above()])
    return offered.order_by("-depth").first()
