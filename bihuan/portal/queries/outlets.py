"""Contact details: the outlets that are shown, by unit."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.portal.models import Outlet
from bihuan.portal.queries.offices import for_public

SHOWN = 60


def shown(words: str, on: date) -> list[Outlet]:
    """Return what is published, the highest units first."""
    shown = for_public(Unit.objects.in_force(on))
    found = Outlet.objects.filter(is_shown=True, unit__in=shown)
    for word in words.split()[:5]:
        found = found.filter(
            Q(unit__name__icontains=word)
            | Q(unit__name_en__icontains=word)
            | Q(name__icontains=word)
            | Q(place__icontains=word)
        )
    return list(_in_order(found)[:SHOWN])


def highest(on: date) -> list[Outlet]:
    """Return those of the topmost units only."""
    tops = for_public(Unit.objects.in_force(on)).filter(parent=None)
    return list(_in_order(Outlet.objects.filter(is_shown=True, unit__in=tops))[:SHOWN])


def kept_by(user: User, on: date) -> QuerySet[Outlet]:
    """Return every outlet, shown or not, of the units that the officer coordinates."""
    tops = access.units_with(user, Power.COORDINATE, on)
    return _in_order(Outlet.objects.filter(unit__in=Unit.objects.within(*tops)))


def coordinated(user: User, on: date) -> QuerySet[Unit]:
    """Return the open units that the officer coordinates."""
    tops = access.units_with(user, Power.COORDINATE, on)
    return Unit.objects.within(*tops).in_force(on).order_by("path")


def _in_order(outlets: QuerySet[Outlet]) -> QuerySet[Outlet]:
    return outlets.select_related("unit").order_by("unit__depth", "unit__path", "order", "pk")
