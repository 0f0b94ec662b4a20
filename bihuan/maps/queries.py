"""Boundaries as pages and forms ask for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce

from django.db.models import QuerySet

from bihuan.core.places import Point
from bihuan.core.shapes import Bounds
from bihuan.maps.models import Boundary
from bihuan.orgs.models import Unit


def boundaries_within(bounds: Bounds | None) -> QuerySet[Boundary, Boundary]:
    """Return the boundaries that this piece of ground touches, from the top of the tree; their
    geometry is left in the database.
    """
    found = Boundary.objects.select_related("unit").defer("geometry")
    if bounds is not None:
        found = found.filter(
            west__lte=bounds.east,
            east__gte=bounds.west,
            south__lte=bounds.north,
            north__gte=bounds.south,
        )
    return found.order_by("unit__depth", "unit__path")


def nearest_boundary(unit: Unit) -> Boundary | None:
    """Return the boundary of the unit, or else of the nearest unit above it that has one."""
    here = [*unit.paths_above(), unit.path]
    found = Boundary.objects.filter(unit__path__in=here).select_related("unit")
    return found.order_by("-unit__depth").first()


def own_boundary(unit: Unit) -> Boundary | None:
    return Boundary.objects.filter(unit=unit).select_related("unit").first()


def lies_outside(unit: Unit, point: Point) -> Boundary | None:
    """Return the boundary that should hold the point and does not; None if all is well, or no
    boundary says otherwise.
    """
    boundary = nearest_boundary(unit)
    return None if boundary is None or boundary.area.contains(point) else boundary


def ground() -> Bounds | None:
    """Return the ground that all boundaries together cover, from their highest level."""
    top = Boundary.objects.order_by("unit__depth").values_list("unit__depth", flat=True).first()
    if top is None:
        return None
    found = Boundary.objects.filter(unit__depth=top).defer("geometry", "outline")
    return joined(boundary.bounds for boundary in found)


def joined(all_bounds: Iterable[Bounds]) -> Bounds | None:
    found = list(all_bounds)
    return reduce(Bounds.joined, found) if found else None


def existing(units: Collection[int]) -> dict[int, Boundary]:
    """Return the boundaries of these units by the id of the unit."""
    return {each.unit_id: each for each in Boundary.objects.filter(unit__in=units)}
