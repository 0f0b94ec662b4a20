"""The register: what the address asks for, and what each row shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.timezone import localdate

from bihuan.cases import queries as cases
from bihuan.orgs.models import Unit, User
from bihuan.sites import catalogue, queries
from bihuan.sites.models import Site, SiteCase, SitePaper, SiteQuerySet, SiteRegulator

STATES = ("open", "closed", "all")
PAPERS = ("expired", "soon", "due")
# The supervised enterprises (监管企业库): the same register, of sites that an enterprise runs.
ENTERPRISES = "enterprises"
SOON = timedelta(days=60)


@dataclass(frozen=True)
class SiteFilters:
    """What the address requests; parts that are not valid are ignored."""

    words: str = ""
    kind: str = ""
    unit: str = ""
    trade: str = ""
    papers: str = ""
    state: str = "open"
    view: str = ""

    @classmethod
    def of(cls, requested: Mapping[str, str]) -> SiteFilters:
        return cls(
            words=_text(requested, "q", 100),
            kind=_one_of(requested.get("kind", ""), catalogue.kinds()),
            unit=_text(requested, "unit", 32),
            trade=_one_of(requested.get("trade", ""), catalogue.trades()),
            papers=_one_of(requested.get("papers", ""), PAPERS),
            state=_one_of(requested.get("state", ""), STATES) or "open",
            view=_one_of(requested.get("view", ""), (ENTERPRISES,)),
        )

    @property
    def query(self) -> str:
        """Return the filters as they are in an address, without those that are not set."""
        names = {"words": "q"}
        given = {
            names.get(name, name): value
            for name, value in vars(self).items()
            if value and (name, value) != ("state", "open")
        }
        return urlencode(given)

    @property
    def active(self) -> int:
        """Return how many filters narrow the list."""
        return len([part for part in self.query.split("&") if part and part[:5] != "view="])


@dataclass
class SiteRow:
    """One row of the register, with what is found about all rows at once."""

    site: Site
    first_expiry_date: date | None = None
    is_expired: bool = False
    is_soon: bool = False
    open_cases: int = 0
    regulators: list[SiteRegulator] = field(default_factory=list)


def narrowed(user: User, filters: SiteFilters, now: datetime) -> SiteQuerySet:
    """Return the sites that the officer sees and the filters select, unordered."""
    found = queries.visible_to(user, now)
    if filters.words:
        found = found.matching(filters.words)
    if filters.state != "all":
        found = found.filter(closed_at__isnull=filters.state == "open")
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.unit:
        found = found.filter(unit__in=_subtree(filters.unit))
    if filters.trade:
        held = SiteRegulator.objects.filter(site=OuterRef("pk"), trade=filters.trade)
        found = found.filter(Exists(held))
    if filters.papers:
        found = found.filter(_running_out(filters.papers, localdate(now)))
    if filters.view == ENTERPRISES:
        found = found.filter(Q(operator_unit__isnull=False) | ~Q(operator_name=""))
    return found


def rows(sites: Sequence[Site], user: User, now: datetime) -> list[SiteRow]:
    """Return the rows of a page, with one query for each thing that is shown of them."""
    keys, on = [site.pk for site in sites], localdate(now)
    papers = SitePaper.objects.filter(site__in=keys, ended_at=None, expires_date__isnull=False)
    first = dict(papers.values_list("site_id").annotate(first=Min("expires_date")))
    links = SiteCase.objects.filter(site__in=keys, ended_at=None)
    seen = cases.visible_to(user, now).open().filter(pk__in=links.values("case"))
    counted = links.filter(case__in=seen).values_list("site_id").annotate(n=Count("pk"))
    open_cases = dict(counted)
    found = {site.pk: SiteRow(site, first.get(site.pk)) for site in sites}
    for row in found.values():
        row.open_cases = open_cases.get(row.site.pk, 0)
        row.is_expired = row.first_expiry_date is not None and row.first_expiry_date < on
        row.is_soon = row.first_expiry_date is not None and on <= row.first_expiry_date <= on + SOON
    named = SiteRegulator.objects.filter(site__in=keys).select_related("unit").order_by("trade")
    for regulator in named:
        found[regulator.site_id].regulators.append(regulator)
    return list(found.values())


def _running_out(state: str, on: date) -> Q:
    papers = SitePaper.objects.filter(site=OuterRef("pk"), ended_at=None)
    if state == "expired":
        return Q(Exists(papers.filter(expires_date__lt=on)))
    if state == "due":
        return Q(Exists(papers.filter(expires_date__lte=on + SOON)))
    return Q(Exists(papers.filter(expires_date__gte=on, expires_date__lte=on + SOON)))


def _subtree(code: str) -> list[int]:
    unit = Unit.objects.filter(code=code).first()
    return list(Unit.objects.within(unit).values_list("pk", flat=True)) if unit else []


def _text(requested: Mapping[str, str], name: str, longest: int) -> str:
    return requested.get(name, "").replace("\x00", "").strip()[:longest]


def _one_of(value: str, known: Sequence[str] | Mapping[str, object]) -> str:
    return value if value in known else ""
