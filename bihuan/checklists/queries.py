"""Which checklists an officer sees, keeps, and may inspect with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from bihuan.checklists.models import Checklist, Version
from bihuan.core.numerals import whole
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import in_reach, units_in_reach

KEEPER = Power.COORDINATE


def kept_by(user: User, now: datetime) -> QuerySet[Checklist, Checklist]:
    """Return the lists of units that the officer coordinates."""
    return Checklist.objects.filter(in_reach(user, [KEEPER], now)).select_related("unit")


def may_keep(user: User, checklist: Checklist, now: datetime) -> bool:
    """Whether the officer may change this list."""
    return access.has(user, KEEPER, unit=checklist.unit, now=now)


def keeps_any(user: User, now: datetime) -> bool:
    return bool(access.tops(user, [KEEPER], localdate(now)))


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may make a list."""
    return units_in_reach(user, [KEEPER], now)


def _from_above(user: User, now: datetime) -> Q:
    """Return the condition for lists of the officer's units and of those above them."""
    seats = access.seats(user, localdate(now))
    paths = {path for s in seats for path in (s.unit.path, *s.unit.paths_above())}
    return Q(unit__path__in=sorted(paths))


def visible_to(user: User, now: datetime) -> QuerySet[Checklist, Checklist]:
    """Return the lists that the officer keeps or oversees, and those offered that were ever in
    use.
    """
    published = Version.objects.exclude(state=Version.State.DRAFT).values("checklist")
    offered = _from_above(user, now) & Q(pk__in=published)
    mine = in_reach(user, [KEEPER, Power.SUPERVISE], now)
    return Checklist.objects.filter(mine | offered).select_related("unit")


def versions_seen(user: User, checklist: Checklist, now: datetime) -> QuerySet[Version, Version]:
    """Return the versions of a visible list, newest first; drafts only for those who keep it."""
    found = Version.objects.filter(checklist=checklist).order_by("-number")
    if may_keep(user, checklist, now):
        return found
    return found.exclude(state=Version.State.DRAFT)


def offered_to(user: User, now: datetime) -> QuerySet[Version, Version]:
    """Return the versions in use that the officer may inspect with: lists of their own units and
    of those above. Filter the kinds of sites with `is_for`.
    """
    open_lists = Checklist.objects.filter(_from_above(user, now), retired_at=None)
    found = Version.objects.filter(checklist__in=open_lists, state=Version.State.IN_USE)
    return found.select_related("checklist__unit").order_by("checklist__title", "pk")


def is_for(checklist: Checklist, kind: str) -> bool:
    """Whether the list is meant for sites of this kind."""
    return not checklist.site_kinds or kind in checklist.site_kinds


def in_use(checklist: Checklist) -> Version | None:
    return Version.objects.filter(checklist=checklist, state=Version.State.IN_USE).first()


def draft_of(checklist: Checklist) -> Version | None:
    return Version.objects.filter(checklist=checklist, state=Version.State.DRAFT).first()


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return those of these lists that the officer must not know of."""
    numbers = [number for key in keys if (number := whole(key)) is not None]
    seen = visible_to(user, now).filter(pk__in=numbers).values_list("pk", flat=True)
    return set(keys) - set(map(str, seen))


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)
