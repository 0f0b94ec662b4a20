"""The map of all layers, and the map of a unit's ground for the fields of forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.core.numerals import whole
from bihuan.core.places import Point, on_ground
from bihuan.core.shapes import Bounds
from bihuan.maps import layers, queries, shown
from bihuan.maps.layers import MOST, Layer
from bihuan.maps.shown import ShownMap
from bihuan.orgs import access
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit, User
from bihuan.orgs.naming import name_of

PAGE = 20


@dataclass(frozen=True)
class Chosen:
    """What the address asks for."""

    unit: int | None
    layers: list[str]
    at: Bounds | None
    page: int

    @property
    def is_part(self) -> bool:
        return self.at is not None

    def address(self, **other: object) -> str:
        """Return the address of the page with these instead of what is chosen."""
        pairs: list[tuple[str, object]] = [("layer", key) for key in self.layers]
        named = {"unit": self.unit, "at": _written(self.at), **other}
        pairs += [(key, value) for key, value in named.items() if value]
        return f"{reverse('maps:map')}?{urlencode(pairs)}"


@require_safe
def map_page(request: SignedInRequest) -> HttpResponse:
    """Draw the chosen layers on the chosen ground, and list the same things."""
    now = timezone.now()
    offered = _offered(request.user, now)
    chosen = _chosen(request.GET, offered)
    drawn = _draw(request.user, now, offered, chosen)
    context: dict[str, object] = {
        "offered": offered,
        "chosen": chosen,
        "units": _units(),
        "map": drawn,
        "whole": chosen.address(at=None, page=None),
        "here": chosen.address(page=None),
    }
    listed = _listed(drawn, chosen) if drawn else {}
    return render(request, "maps/map.html", context | listed)


@require_safe
def outline(request: SignedInRequest) -> HttpResponse:
    """Draw the outline of a unit, or else the ground around a point, for a field of a form."""
    point = _point(request.GET.get("at", ""))
    bounds = _ground(whole(request.GET.get("unit", "")))
    if point is not None and (bounds is None or not bounds.contains(point)):
        near = shown.around(point)
        bounds = near if bounds is None else bounds.joined(near)
    drawn = None if bounds is None else shown.shown_map(bounds, {})
    return render(request, "maps/outline.html", {"map": drawn})


def _offered(user: User, now: datetime) -> list[Layer]:
    return [
        layer
        for layer in layers.registered()
        if not layer.powers or access.has_somewhere(user, layer.powers, localdate(now))
    ]


def _chosen(query: QueryDict, offered: list[Layer]) -> Chosen:
    """Read the address; what is not understood is left out. All layers, if none is named."""
    keys = [layer.key for layer in offered]
    return Chosen(
        unit=whole(query.get("unit", "")),
        layers=[key for key in keys if key in query.getlist("layer")] or keys,
        at=_bounds(query.get("at", "")),
        page=whole(query.get("page", ""), most=MOST) or 1,
    )


def _draw(user: User, now: datetime, offered: list[Layer], chosen: Chosen) -> ShownMap | None:
    """Read one more of each layer than is shown, which says whether there are more. Without
    boundaries the ground is that of what is shown.
    """
    bounds = chosen.at or _ground(chosen.unit)
    found = {
        layer.key: (str(layer.name), list(islice(layer.features(user, bounds, now), MOST + 1)))
        for layer in offered
        if layer.key in chosen.layers
    }
    bounds = bounds or shown.ground_of(chain.from_iterable(each for _name, each in found.values()))
    return None if bounds is None else shown.shown_map(bounds, found)


def _listed(drawn: ShownMap, chosen: Chosen) -> dict[str, object]:
    """Return the rows of the page of the list, and the addresses of its neighbours."""
    marks = drawn.marks
    first = (chosen.page - 1) * PAGE
    has_older = len(marks) > first + PAGE
    return {
        "marks": marks[first : first + PAGE],
        "previous_url": chosen.address(page=chosen.page - 1) if chosen.page > 1 else "",
        "next_url": chosen.address(page=chosen.page + 1) if has_older else "",
    }


def _units() -> list[tuple[str, str]]:
    """Return the units whose ground can be chosen, indented by their level; none if there is one
    alone.
    """
    found = [each.unit for each in queries.boundaries_within(None).order_by("unit__path")[:MOST]]
    if len(found) < 2:
        return []
    top = min(unit.depth for unit in found)
    named = [(str(unit.pk), "\u3000" * (unit.depth - top) + name_of(unit)) for unit in found]
    return [("", _("All units")), *named]


def _ground(unit: int | None) -> Bounds | None:
    """Return the ground of this unit, or of all."""
    if unit is not None:
        found = Unit.objects.filter(pk=unit).first()
        boundary = None if found is None else queries.nearest_boundary(found)
        if boundary is not None:
            return boundary.bounds
    return queries.ground()


def _point(text: str) -> Point | None:
    numbers = _numbers(text)
    return on_ground(*numbers) if len(numbers) == 2 else None


def _bounds(text: str) -> Bounds | None:
    """Return the ground between west, south, east and north, if it is one."""
    numbers = _numbers(text)
    if len(numbers) != 4:
        return None
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        return None
    return Bounds(west, south, east, north)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text[:100].split(",")]
    except ValueError:
        return []


def _written(bounds: Bounds | None) -> str:
    if bounds is None:
        return ""
    return ",".join(f"{n:.5f}" for n in (bounds.west, bounds.south, bounds.east, bounds.north))
