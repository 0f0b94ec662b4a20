"""Posters at sites and for units: their addresses, and which site a code of a poster means."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from bihuan.orgs.models import Unit
from bihuan.receipts import printed
from bihuan.sites import codes
from bihuan.sites.models import Site

# The parts of the public address that name a site or a unit.
SITE, UNIT = "site", "unit"
LONGEST_PLACE = 200
LONGEST_UNIT_CODE = 32

# The URL name of the page on which the public reports; a higher app registers it.
_report: list[str] = []


def register(name: str) -> None:
    """Register the page to which posters lead. For `AppConfig.ready`."""
    _report[:] = [name]


def report_path() -> str:
    """Return the path of that page; empty if there is none."""
    return reverse(_report[0]) if _report else ""


@dataclass(frozen=True)
class Poster:
    """What is printed: the name, the address on the ground, the code, and where it leads."""

    name: str
    name_en: str
    place: str
    code: str
    url: str
    picture: str


def of_site(site: Site, report: str) -> Poster:
    """Return the poster of a site; `report` is the full address of the public's form."""
    url = f"{report}?{urlencode({SITE: site.code})}"
    return Poster(site.name, "", site.address, spaced(site.code), url, printed.picture(url))


def of_unit(unit: Unit, report: str) -> Poster:
    """Return the poster of a unit, for places that are no site."""
    url = f"{report}?{urlencode({UNIT: unit.code})}"
    return Poster(unit.name, unit.name_en, "", unit.code, url, printed.picture(url))


def spaced(code: str) -> str:
    """Write the code of a site in two groups, as it is read aloud."""
    middle = codes.LENGTH // 2
    return f"{code[:middle]} {code[middle:]}"


def site_of(typed: str) -> Site | None:
    """Return the open site with this code; None for one that is unknown, or closed."""
    code = codes.normal(typed[:100])
    if len(code) != codes.LENGTH:
        return None
    return Site.objects.open().filter(code=code).select_related("unit").first()


def unit_of(typed: str) -> Unit | None:
    """Return the open unit with this code."""
    if not typed or len(typed) > LONGEST_UNIT_CODE or "\x00" in typed:
        return None
    return Unit.objects.open().filter(code=typed).first()


def place_of(site: Site) -> str:
    """Return where a report says that it is: the name and the address of the site."""
    return " · ".join(filter(None, (site.name, site.address)))[:LONGEST_PLACE]
