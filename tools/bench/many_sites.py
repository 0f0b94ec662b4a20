"""Registers of many sites, written directly: kinds, regulators, papers, equipment and words."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from bihuan.core import wordlike
from bihuan.orgs.models import Unit
from bihuan.sites import codes
from bihuan.sites.catalogue import kinds
from bihuan.sites.models import Site, SiteEquipment, SitePaper, SiteRegulator, SiteWords
from bihuan.store.bulk import insert_rows, reserve_ids
from tools.bench.hazards import COUNTY

AT_ONCE = 10_000
SITE = (
    *("id", "code", "kind", "name", "unit", "operator_name", "address", "attributes"),
    *("registered_at", "version"),
)
REGULATOR = ("site", "trade", "unit")
PAPER = ("site", "kind", "title", "number", "issuer", "expires_date", "added_at")
EQUIPMENT = ("site", "name", "count", "norm", "state", "version")


@dataclass(frozen=True)
class _Made:
    """What is kept of a site to write the rows beside it."""

    pk: int
    code: str
    kind: str
    name: str
    unit: Unit
    operator: str

    @property
    def address(self) -> str:
        return f"{self.unit.name}学府路{self.pk % 300}号"

    def row(self, now: datetime) -> tuple[object, ...]:
        facts = self.pk, self.code, self.kind, self.name, self.unit.pk, self.operator
        return (*facts, self.address, "{}", now, 1)

    @property
    def words(self) -> str:
        text = " ".join([self.code, self.name, self.address, self.operator])
        return " ".join(sorted(wordlike.pairs(text)))


def fill(count: int) -> int:
    """Fill an empty register: each third site has a regulator, each second a paper."""
    chance = random.Random(20261201)  # noqa: S311 - the same sites each time
    now = timezone.now()  # noqa: TID251 - as commands do
    units = list(Unit.objects.exclude(code=COUNTY).order_by("pk"))
    county = Unit.objects.get(code=COUNTY)
    for first in range(0, count, AT_ONCE):
        with transaction.atomic():
            many = reserve_ids(Site, min(AT_ONCE, count - first))
            made = list(_sites(many, units, chance))
            insert_rows(Site, SITE, (each.row(now) for each in made))
            _beside(made, county, chance, now)
            _words(made)
    return Site.objects.count()


def _sites(keys: Sequence[int], units: Sequence[Unit], chance: random.Random) -> Iterator[_Made]:
    names = {key: str(kind.words.zh) for key, kind in kinds().items()}
    sorts = sorted(names)
    for pk in keys:
        kind = chance.choice(sorts)
        operator = f"第{pk % 900}公司" if kind in ("workshop", "hotel") else ""
        yield _Made(pk, codes.new(), kind, f"第{pk}{names[kind]}", chance.choice(units), operator)


def _beside(made: Sequence[_Made], county: Unit, chance: random.Random, now: datetime) -> None:
    on = localdate(now)
    regulated = [each for each in made if chance.random() < 0.33]
    insert_rows(
        SiteRegulator,
        REGULATOR,
        ((each.pk, chance.choice(("fire", "market")), county.pk) for each in regulated),
    )
    insert_rows(SitePaper, PAPER, (_paper(each, on, chance, now) for each in made[::2]))
    insert_rows(
        SiteEquipment, EQUIPMENT, ((each.pk, "灭火器", 4, 4, "good", 1) for each in made[::4])
    )


def _paper(each: _Made, on: date, chance: random.Random, now: datetime) -> tuple[object, ...]:
    until = on + timedelta(days=chance.randint(-20, 1_000))
    return each.pk, "business_licence", "", "", "", until, now


def _words(made: Sequence[_Made]) -> None:
    if connection.vendor != "postgresql":
        insert_rows(SiteWords, ("site", "words"), ((each.pk, each.words) for each in made))
        return
    # The column is a tsvector, which is copied as text.
    statement = "COPY sites_sitewords (site_id, words) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for each in made:
            copy.write_row((each.pk, each.words))
