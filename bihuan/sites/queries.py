"""Which sites an officer sees and may change, and what is found about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import units_in_reach
from bihuan.sites import hooks
from bihuan.sites.models import RARE, Site, SitePaper, SiteQuerySet, SiteRegulator

# Who keeps the register: only this power over the unit of the area counts.
KEEPER = Power.COORDINATE
# Who adds papers, equipment and cases, also for the units that regulate the site.
ADDERS = (Power.COORDINATE, Power.HANDLE, Power.SUPERVISE)


# -------------------------------------------------------------------- who sees
def visible_to(user: User, now: datetime) -> SiteQuerySet:
    """Return the sites of the area, of the trade and of the operators that the officer's posts
    reach, and those that other parts register.
    """
    units = access.scope(user, localdate(now))
    if units is None:
        return Site.objects.all()
    seen = Q(unit__in=units) | Q(operator_unit__in=units) | _regulated(units)
    for reach in hooks.reached(user, now):
        seen |= Q(pk__in=reach)
    return Site.objects.filter(seen)


def _regulated(units: Collection[int]) -> Q:
    """Few are looked up first, for an index to find them; of many, each site is asked in order."""
    regulated = SiteRegulator.objects.filter(unit__in=units)
    few = list(regulated.values_list("site_id", flat=True)[: RARE + 1])
    if len(few) <= RARE:
        return Q(pk__in=set(few))
    return Q(Exists(regulated.filter(site=OuterRef("pk"))))


def in_charge(user: User, now: datetime) -> SiteQuerySet:
    """Return the sites that the officer may change: those of the area that the officer
    coordinates.
    """
    return Site.objects.filter(_of(user, (KEEPER,), now))


def added_to(user: User, now: datetime) -> SiteQuerySet:
    """Return the sites to which the officer may add papers, equipment and cases: also those of
    the trade.
    """
    units = _units(user, ADDERS, now)
    regulated = SiteRegulator.objects.filter(unit__in=units)
    return Site.objects.filter(
        _of(user, ADDERS, now) | Q(Exists(regulated.filter(site=OuterRef("pk"))))
    )


def _of(user: User, powers: Collection[Power], now: datetime) -> Q:
    return Q(unit__in=_units(user, powers, now))


def _units(user: User, powers: Collection[Power], now: datetime) -> list[int]:
    tops = access.tops(user, powers, localdate(now))
    return list(Unit.objects.within(*tops).values_list("pk", flat=True)) if tops else []


def may_change(user: User, site: Site, now: datetime) -> bool:
    return access.has(user, KEEPER, unit=site.unit, now=now)


def may_add(user: User, site: Site, now: datetime) -> bool:
    """Whether the officer may add papers, equipment and cases to this site."""
    units = [site.unit, *(each.unit for each in site.regulators.select_related("unit"))]
    return any(access.has(user, power, unit=unit, now=now) for unit in units for power in ADDERS)


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may register a site."""
    return units_in_reach(user, (KEEPER,), now)


# --------------------------------------------------------------------- subjects
def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return which of these sites the officer does not see, by their keys in the journal."""
    asked = [key for key in keys if is_key(key)]
    seen = visible_to(user, now).filter(pk__in=asked).values_list("pk", flat=True)
    return set(keys) - set(map(str, seen))


def is_key(text: str) -> bool:
    """Whether the text can be the key of a row; it may come from an address."""
    return text.isascii() and text.isdecimal() and len(text) < 19


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
