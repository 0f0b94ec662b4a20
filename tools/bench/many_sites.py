"""Registers of many sites, written directly: kinds, regulators, papers, equipment and words."""

import random
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate

from bihuan.core import wordlike
from bihuan.orgs.models import Unit
from bihuan.sites import codes
from bihuan.sites.catalogue import kinds
from bihuan.sites.models import Site, SiteEquipment, SitePaper, SiteRegulator, SiteWords
from tools.bench.hazards import COUNTY

AT_ONCE = 5_000


def fill(count: int) -> int:
    """Fill an empty register: each third site has a regulator, each second a paper."""
    chance = random.Random(20261201)  # noqa: S311 - the same sites each time
    now = timezone.now()  # noqa: TID251 - as commands do
    units = list(Unit.objects.exclude(code=COUNTY).order_by("pk"))
    county = Unit.objects.get(code=COUNTY)
    names = {key: str(kind.words.zh) for key, kind in kinds().items()}
    keys = sorted(names)
    for first in range(0, count, AT_ONCE):
        sites = []
        for number in range(first, min(first + AT_ONCE, count)):
            kind = chance.choice(keys)
            name = f"第{number}{names[kind]}"
            unit = chance.choice(units)
            operator = f"第{number % 900}公司" if kind in ("workshop", "hotel") else ""
            site = Site(code=codes.new(), kind=kind, name=name, unit=unit, registered_at=now)
            site.operator_name, site.address = operator, f"{unit.name}学府路{number % 300}号"
            sites.append(site)
        Site.objects.bulk_create(sites)
        _beside(sites, county, chance, localdate(now))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sites_site")
        return int(cursor.fetchone()[0])


def _beside(sites: list[Site], county: Unit, chance: random.Random, on: date) -> None:
    regulated = [each for each in sites if chance.random() < 0.33]
    SiteRegulator.objects.bulk_create(
        SiteRegulator(site=each, trade=chance.choice(("fire", "market")), unit=county)
        for each in regulated
    )
    SitePaper.objects.bulk_create(
        SitePaper(
            site=each,
            kind="business_licence",
            expires_date=on + timedelta(days=chance.randint(-20, 1_000)),
            added_at=each.registered_at,
        )
        for each in sites[::2]
    )
    SiteEquipment.objects.bulk_create(
        SiteEquipment(site=each, name="灭火器", count=4, norm=4) for each in sites[::4]
    )
    SiteWords.objects.bulk_create(
        SiteWords(site=each, words=" ".join(sorted(wordlike.pairs(_text(each))))) for each in sites
    )


def _text(site: Site) -> str:
    return " ".join([site.code, site.name, site.address, site.operator_name])
