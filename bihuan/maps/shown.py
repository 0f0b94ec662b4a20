"""Maps as pages show them: the ground, the outlines of units on it, and the features of layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.urls import reverse

from bihuan.core.charts import Chart, chart
from bihuan.core.places import Point
from bihuan.core.shapes import Area, Bounds
from bihuan.maps import queries
from bihuan.maps.layers import MOST, Feature
from bihuan.maps.models import Boundary
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of

WIDTH, HEIGHT = 960, 640
# More numbers than this would cover one another.
NUMBERED = 20
# Half the side of the ground that is shown around a point, in degrees: some two kilometres.
AROUND = 0.02


@dataclass(frozen=True)
class Backdrop:
    """The outline of a unit under the features."""

    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """A feature where it is drawn: at a dot, or along a path whose middle the dot is."""

    feature: Feature
    x: float
    y: float
    path: str = ""
    number: int = 0


@dataclass(frozen=True)
class MapLayer:
    """The marks of one layer; `has_more` says that not all are shown."""

    key: str
    name: str
    marks: Sequence[Mark]
    has_more: bool = False


@dataclass(frozen=True)
class ShownMap:
    """One map, ready for its template (`maps/chart.html`)."""

    chart: Chart
    backdrop: Sequence[Backdrop]
    layers: Sequence[MapLayer]

    @property
    def marks(self) -> list[tuple[MapLayer, Mark]]:
        """Every mark with its layer, in the order of the list."""
        return [(layer, mark) for layer in self.layers for mark in layer.marks]

    @property
    def drawn(self) -> list[Mark]:
        """The marks as they are drawn: areas first, so that they cover no point."""
        marks = [mark for layer in self.layers for mark in layer.marks]
        return sorted(marks, key=lambda mark: not mark.path)

    @property
    def is_numbered(self) -> bool:
        """Whether there are few enough marks for the numbers of the list."""
        return len(self.marks) <= NUMBERED

    @property
    def scale(self) -> str:
        metres, _length = self.chart.scale
        return f"{metres} m" if metres < 1000 else f"{metres // 1000} km"

    @property
    def foot(self) -> int:
        """Where the scale is drawn, from the top."""
        return self.chart.height - 20


def around(point: Point) -> Bounds:
    return Bounds(
        point.longitude - AROUND,
        point.latitude - AROUND,
        point.longitude + AROUND,
        point.latitude + AROUND,
    )


def ground_of(features: Iterable[Feature]) -> Bounds | None:
    """Return the ground with all of these, and some around it."""
    found = [
        around(feature.shape) if isinstance(feature.shape, Point) else feature.shape.bounds
        for feature in features
    ]
    return queries.joined(found)


def units(user: User, bounds: Bounds | None, now: datetime) -> Iterator[Feature]:
    """The layer of units: where each is in charge."""
    for boundary in queries.boundaries_within(bounds):
        unit = boundary.unit
        url = reverse("orgs:unit", args=[unit.code])
        kind = str(unit.get_kind_display())
        yield Feature(unit.code, name_of(unit), boundary.drawn, url, kind, tone="quiet")


def shown_map(
    bounds: Bounds, layers: Mapping[str, tuple[str, Iterable[Feature]]], *, with_names: bool = True
) -> ShownMap:
    """Draw these layers, each a name and its features, by their keys. Numbers run through all of
    them, as in the list next to the map.
    """
    drawn = chart(bounds, width=WIDTH, height=HEIGHT)
    shown: list[MapLayer] = []
    number = 0
    for key, (name, features) in layers.items():
        found = list(islice(features, MOST + 1))
        marks = [
            _mark(drawn, feature, number + n) for n, feature in enumerate(found[:MOST], start=1)
        ]
        number += len(marks)
        shown.append(MapLayer(key, name, marks, has_more=len(found) > MOST))
    outlines = queries.boundaries_within(drawn.bounds)[:MOST]
    return ShownMap(drawn, list(_backdrop(drawn, outlines, with_names=with_names)), shown)


def _mark(drawn: Chart, feature: Feature, number: int) -> Mark:
    x, y = drawn.dot(feature.middle)
    path = drawn.path(feature.shape) if isinstance(feature.shape, Area) else ""
    return Mark(feature, x, y, path, number)


def _backdrop(
    drawn: Chart, outlines: Iterable[Boundary], *, with_names: bool
) -> Iterator[Backdrop]:
    """A unit is named where its middle is on the map, if others on it are not inside it."""
    found = list(outlines)
    above = {path for each in found for path in each.unit.paths_above()}
    for each in found:
        middle = each.bounds.middle
        is_named = with_names and each.unit.path not in above and drawn.bounds.contains(middle)
        name = name_of(each.unit) if is_named else ""
        yield Backdrop(name, drawn.path(each.drawn), *drawn.dot(middle))
