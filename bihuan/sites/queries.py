"""Which sites an officer sees and may change, and what is found about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.core.once import PerObject
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import holders, units_in_reach
from bihuan.sites import catalogue, hooks
from bihuan.sites.models import (
    RARE,
    Site,
    SiteEquipment,
    SitePaper,
    SiteQuerySet,
    SiteRegulator,
)
from bihuan.web.subjects import unseen

# Who keeps the register: only this power over the unit of the area counts.
KEEPER = Power.COORDINATE
# The most earlier papers that are shown with the one that holds.
EARLIER = 20
# Who adds papers, equipment and cases for the units that regulate the site.
ADDERS = (Power.COORDINATE, Power.HANDLE, Power.SUPERVISE)


Units = QuerySet[Unit, Any]


# -------------------------------------------------------------------- who sees
def visible_to(user: User, now: datetime) -> SiteQuerySet:
    """Return the sites of the area, of the trade and of the operators that the officer's posts
    reach, and those that other parts register.
    """
    units = access.scope(user, localdate(now))
    if units is None:
        return Site.objects.all()
    return Site.objects.filter(
        Q(unit__in=units) | Q(operator_unit__in=units) | _beside(user, units, now)
    )


def sees(user: User, site: Site, now: datetime) -> bool:
    """Whether the officer sees this site, of which the units in charge are loaded; a site of the
    officer's area costs no query.
    """
    near = [unit for unit in (site.unit, site.operator_unit) if unit is not None]
    seats = access.seats(user, localdate(now))
    if any(seat.reaches(unit) for seat in seats for unit in near):
        return True
    regulating = [row.unit for row in regulators_of(site)]
    if any(seat.reaches(unit) for seat in seats for unit in regulating):
        return True
    reached = Q(pk__in=())
    for reach in hooks.reached(user, now):
        reached |= Q(pk__in=reach)
    return Site.objects.filter(reached, pk=site.pk).exists()


def _beside(user: User, units: Collection[int], now: datetime) -> Q:
    """Return the sites of the trade, and those that other parts register.

    Few are looked up first, for an index to find them; of many, each site is asked in order.
    """
    regulated = SiteRegulator.objects.filter(unit__in=units)
    reached = list(hooks.reached(user, now))
    found = regulated.values_list("site_id").union(
        *(each.values_list(*each.query.values_select) for each in reached), all=True
    )
    few = [pk for (pk,) in found[: RARE + 1]]
    if len(few) <= RARE:
        return Q(pk__in=set(few))
    seen = Q(Exists(regulated.filter(site=OuterRef("pk"))))
    for reach in reached:
        seen |= Q(pk__in=reach)
    return seen


def in_charge(user: User, now: datetime) -> SiteQuerySet:
    """Return the sites that the officer may change: those of the area that the officer
    coordinates.
    """
    return Site.objects.filter(_of(user, (KEEPER,), now))


def added_to(user: User, now: datetime) -> SiteQuerySet:
    """Return the sites to which the officer may add papers, equipment and cases: also those of
    the trade.
    """
    regulated = SiteRegulator.objects.filter(unit__in=_units(user, ADDERS, now))
    kept = _of(user, (KEEPER,), now)
    return Site.objects.filter(kept | Q(Exists(regulated.filter(site=OuterRef("pk")))))


def _of(user: User, powers: Collection[Power], now: datetime) -> Q:
    return Q(unit__in=_units(user, powers, now))


def _units(user: User, powers: Collection[Power], now: datetime) -> Units:
    """Return the units in reach as part of the question: it costs no query of its own."""
    return Unit.objects.within(*access.tops(user, powers, localdate(now))).values("pk")


def may_change(user: User, site: Site, now: datetime) -> bool:
    return access.has(user, KEEPER, unit=site.unit, now=now)


def may_add(user: User, site: Site, now: datetime) -> bool:
    """Whether the officer may add papers, equipment and cases to this site."""
    return may_change(user, site, now) or any(
        access.has(user, power, unit=row.unit, now=now)
        for row in regulators_of(site)
        for power in ADDERS
    )


def keeps_any(user: User, now: datetime) -> bool:
    """Whether the officer keeps the register of any unit."""
    return bool(access.tops(user, (KEEPER,), localdate(now)))


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may register a site."""
    return units_in_reach(user, (KEEPER,), now)


def keepers(unit: Unit, now: datetime) -> list[User]:
    """Return who coordinates the unit: in it, or in the nearest unit above with such an officer."""
    for path in (unit.path, *reversed(unit.paths_above())):
        found = holders([path], [KEEPER], now)
        if found:
            return found
    return []


# --------------------------------------------------------------------- subjects
def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return which of these sites the officer does not see, by their keys in the journal."""
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def may_attach(user: User, key: str, now: datetime) -> bool:
    return may_see(user, key, now) and added_to(user, now).filter(pk=int(key)).exists()


def papers_visible_to(user: User, now: datetime) -> QuerySet[SitePaper, SitePaper]:
    """Return the papers of the visible sites."""
    return SitePaper.objects.filter(site__in=visible_to(user, now))


# ------------------------------------------------------------------ the register
def matching(user: User, words: str, now: datetime) -> SiteQuerySet:
    """Return the visible sites whose words match."""
    return visible_to(user, now).matching(words)


# ---------------------------------------------------------------- of one site
def papers_of(site: Site) -> QuerySet[SitePaper, SitePaper]:
    """Return the papers that hold, the first to expire first; the engines sort those that do not
    expire differently.
    """
    rows = SitePaper.objects.filter(site=site, ended_at=None)
    return rows.order_by(F("expires_date").asc(nulls_last=True), "pk")


def earlier_papers(paper: SitePaper) -> list[SitePaper]:
    """Return the papers whose place this one took, newest first."""
    found: list[SitePaper] = []
    before = SitePaper.objects.filter(renewed_by=paper).first()
    while before is not None and len(found) < EARLIER:
        found.append(before)
        before = SitePaper.objects.filter(renewed_by=before).first()
    return found


def equipment_of(site: Site) -> QuerySet[SiteEquipment, SiteEquipment]:
    return SiteEquipment.objects.filter(site=site, removed_at=None).order_by("name", "pk")


def _read_regulators(site: Site) -> list[SiteRegulator]:
    """Return the regulators in the order of the trades."""
    order = {key: n for n, key in enumerate(catalogue.trades())}
    rows = SiteRegulator.objects.filter(site=site).select_related("unit")
    return sorted(rows, key=lambda row: (order.get(row.trade, len(order)), row.trade))


regulators_of = PerObject("regulators", _read_regulators)


# ------------------------------------------------------------------------ today
def papers_to_renew(units: Units, until: date) -> QuerySet[SitePaper, SitePaper]:
    """Return the papers that will have expired by then, of open sites that these units keep or
    regulate.
    """
    regulated = SiteRegulator.objects.filter(unit__in=units, site=OuterRef("pk"))
    sites = Site.objects.open().filter(Q(unit__in=units) | Q(Exists(regulated)))
    rows = SitePaper.objects.filter(ended_at=None, expires_date__lte=until, site__in=sites)
    return rows.select_related("site__unit").order_by("expires_date", "pk")


def equipment_to_check(units: Units, until: date) -> QuerySet[SiteEquipment]:
    """Return the equipment whose check is due by then, of open sites that these units keep."""
    sites = Site.objects.open().filter(unit__in=units)
    rows = SiteEquipment.objects.filter(removed_at=None, next_check_date__lte=until)
    rows = rows.filter(site__in=sites).select_related("site__unit")
    return rows.order_by("next_check_date", "pk")


def kept_units(user: User, now: datetime) -> Units:
    """Return the units whose register the officer keeps."""
    return _units(user, (KEEPER,), now)
