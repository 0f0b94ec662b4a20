"""Areas on the ground: read from GeoJSON, asked whether they hold a point, and simplified.

Positions are pairs of longitude and latitude in degrees of WGS 84, in the order of GeoJSON.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from bihuan.core.places import Point
from bihuan.core.refusal import Refusal

Position = tuple[float, float]
Ring = tuple[Position, ...]
Polygon = tuple[Ring, ...]
Segment = tuple[Position, Position]

# A tenth of a metre: outlines are not more exact, and files are often written with 15 digits.
DIGITS = 6
MOST_POINTS = 20_000
MOST_RINGS = 500
# Pairs of lines that are compared in search of a crossing; a real outline needs a fraction.
MOST_COMPARED = 5_000_000
# Positions are rounded, so that a corner with a smaller `_side` is on the line.
_ON = 10.0 ** -(2 * DIGITS + 1)
# Corners with which an outline is drawn on a map of the whole district.
DRAWN_POINTS = 300


class ShapeFault(StrEnum):
    """Why a geometry is not an area."""

    KIND = "kind"
    LISTS = "lists"
    NUMBERS = "numbers"
    OFF_EARTH = "off earth"
    SWAPPED = "swapped"
    SHORT = "short"
    OPEN = "open"
    FLAT = "flat"
    CROSSING = "crossing"
    TANGLED = "tangled"
    LARGE = "large"


class BadShape(Refusal):
    """The geometry is not an area; `at` says where, or what was found."""

    def __init__(self, fault: ShapeFault, at: str = "") -> None:
        super().__init__(fault, at)
        self.fault, self.at = fault, at


@dataclass(frozen=True)
class Bounds:
    """A rectangle between two meridians and two parallels."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, positions: Iterable[Position]) -> Bounds:
        longitudes, latitudes = zip(*positions, strict=True)
        return cls(min(longitudes), min(latitudes), max(longitudes), max(latitudes))

    @property
    def middle(self) -> Point:
        return Point((self.south + self.north) / 2, (self.west + self.east) / 2)

    def contains(self, point: Point) -> bool:
        return (
            self.west <= point.longitude <= self.east and self.south <= point.latitude <= self.north
        )

    def joined(self, other: Bounds) -> Bounds:
        """Return the smallest rectangle with both."""
        return Bounds(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
        )


@dataclass(frozen=True)
class Area:
    """One or more polygons, each an outer ring and its holes; rings are closed."""

    polygons: tuple[Polygon, ...]

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds.around(position for outer, *_ in self.polygons for position in outer)

    @property
    def points(self) -> int:
        return sum(len(ring) for polygon in self.polygons for ring in polygon)

    def contains(self, point: Point) -> bool:
        """Whether the point is inside; a point on the line itself may count on either side."""
        return self.bounds.contains(point) and any(
            _encloses(outer, point) and not any(_encloses(hole, point) for hole in holes)
            for outer, *holes in self.polygons
        )

    def as_geojson(self) -> dict[str, object]:
        """Return the geometry, a Polygon if there is one polygon."""
        listed = [[[list(at) for at in ring] for ring in polygon] for polygon in self.polygons]
        if len(listed) == 1:
            return {"type": "Polygon", "coordinates": listed[0]}
        return {"type": "MultiPolygon", "coordinates": listed}


def _encloses(ring: Ring, point: Point) -> bool:
    """Count the sides that a line to the east crosses: odd means inside."""
    inside, x, y = False, point.longitude, point.latitude
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


# --------------------------------------------------------------------- reading
def read_area(geometry: object) -> Area:
    """Read a GeoJSON Polygon or MultiPolygon; refuse what is not an area on the ground."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise BadShape(ShapeFault.KIND, str(kind)[:40])
    coordinates = geometry.get("coordinates")
    listed = [coordinates] if kind == "Polygon" else _listed(coordinates)
    rings = [_listed(polygon) for polygon in listed]
    _refuse_large(rings)
    return area_of(tuple(tuple(map(_ring, polygon)) for polygon in rings))


def area_of(polygons: tuple[Polygon, ...]) -> Area:
    """Return the area of these rings, if no line of a polygon crosses another."""
    if not polygons:
        raise BadShape(ShapeFault.LISTS)
    for polygon in polygons:
        if crossing := _crossing(polygon):
            raise BadShape(ShapeFault.CROSSING, said(crossing))
    return Area(polygons)


def ring_of(corners: Sequence[Position]) -> Ring:
    """Return a closed ring of corners; refuse fewer than three, and those on one line."""
    closed = (*corners, corners[0]) if corners and corners[0] != corners[-1] else tuple(corners)
    return _solid(closed)


def said(at: Position) -> str:
    """Return the position as people type it: latitude first."""
    return f"{at[1]:g}, {at[0]:g}"


def _listed(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise BadShape(ShapeFault.LISTS)
    return value


def _refuse_large(polygons: list[list[object]]) -> None:
    rings = [ring for polygon in polygons for ring in polygon]
    points = sum(len(ring) for ring in rings if isinstance(ring, list))
    if len(rings) > MOST_RINGS or points > MOST_POINTS:
        raise BadShape(ShapeFault.LARGE, str(points))


def _ring(value: object) -> Ring:
    positions = [_position(each) for each in _listed(value)]
    if positions[0] != positions[-1]:
        raise BadShape(ShapeFault.OPEN, said(positions[0]))
    return _solid(tuple(positions))


def _solid(ring: Ring) -> Ring:
    """Leave out repeated corners; what is left has at least three, not on one line."""
    kept = ring[:1] + tuple(at for before, at in pairwise(ring) if at != before)
    if len(kept) < 4:
        raise BadShape(ShapeFault.SHORT, said(ring[0]) if ring else "")
    start, far, third, _end = _triangle(kept)
    if abs(_side(start, far, third)) <= _ON:
        raise BadShape(ShapeFault.FLAT, said(ring[0]))
    return kept


def _position(value: object) -> Position:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        raise BadShape(ShapeFault.NUMBERS, str(value)[:40])
    x, y = (_degrees(number) for number in value[:2])
    if abs(x) <= 180 and abs(y) <= 90:
        return round(x, DIGITS), round(y, DIGITS)
    is_swapped = abs(x) <= 90 and abs(y) <= 180
    fault = ShapeFault.SWAPPED if is_swapped else ShapeFault.OFF_EARTH
    raise BadShape(fault, f"{x:g}, {y:g}")


def _degrees(number: object) -> float:
    """Return it as a float; whole numbers beyond that are as far off as infinity."""
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise BadShape(ShapeFault.NUMBERS, str(number)[:40])
    try:
        found = float(number)
    except OverflowError:
        found = math.inf
    if math.isnan(found):
        raise BadShape(ShapeFault.NUMBERS, "NaN")
    return found


def _twice_the_area(ring: Ring) -> float:
    x0, y0 = ring[0]
    return sum(
        (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(ring)
    )


# -------------------------------------------------------------------- crossing
def _crossing(polygon: Polygon) -> Position | None:
    """Return where two lines of the polygon cross; lines that only touch do not.

    From west to east, each line is compared with those that reach as far east as it begins.
    """
    lines = sorted(
        (min(line), max(line)) for ring in polygon for line in pairwise(ring) if line[0] != line[1]
    )
    reaching: list[Segment] = []
    compared = 0
    for line in lines:
        reaching = [each for each in reaching if each[1][0] >= line[0][0]]
        compared += len(reaching)
        if compared > MOST_COMPARED:
            raise BadShape(ShapeFault.TANGLED)
        for other in reaching:
            if _cross(line, other):
                return _met(line, other)
        reaching.append(line)
    return None


def _side(a: Position, b: Position, c: Position) -> float:
    """Return whether c is left (positive) or right of the line from a to b, or on it (0)."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(one: Segment, other: Segment) -> bool:
    (a, b), (c, d) = one, other
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _apart(_side(a, b, c), _side(a, b, d)) and _apart(_side(c, d, a), _side(c, d, b))


def _apart(one: float, other: float) -> bool:
    return min(one, other) < -_ON and max(one, other) > _ON


def _met(one: Segment, other: Segment) -> Position:
    (a, b), (c, d) = one, other
    part = _side(c, d, a) / (_side(c, d, a) - _side(c, d, b))
    return (
        round(a[0] + part * (b[0] - a[0]), DIGITS),
        round(a[1] + part * (b[1] - a[1]), DIGITS),
    )


# ------------------------------------------------------------------ simplifying
def simplified(area: Area, most: int = DRAWN_POINTS) -> Area:
    """Return the area with few enough corners to be drawn; tiny islands and holes go first."""
    bounds = area.bounds
    tolerance = math.hypot(bounds.east - bounds.west, bounds.north - bounds.south) / 4096
    drawn = area
    while drawn.points > most and tolerance < 360:
        drawn = Area(tuple(_simpler(area, tolerance)))
        tolerance *= 2
    return drawn


def _simpler(area: Area, tolerance: float) -> Iterator[Polygon]:
    """Keep at least the largest polygon, if only as a rough triangle."""
    largest = max(area.polygons, key=lambda polygon: abs(_twice_the_area(polygon[0])))
    for polygon in area.polygons:
        rings = [_thinned(ring, tolerance) for ring in polygon]
        if len(rings[0]) >= 4:
            yield (rings[0], *(ring for ring in rings[1:] if len(ring) >= 4))
        elif polygon is largest:
            yield (_triangle(polygon[0]),)


def _triangle(ring: Ring) -> Ring:
    start = ring[0]
    far = max(ring, key=lambda at: math.dist(at, start))
    third = max(ring, key=lambda at: abs(_side(start, far, at)))
    return start, far, third, start


def _thinned(ring: Ring, tolerance: float) -> Ring:
    """Leave out corners that are nearer than this to the line without them (Douglas-Peucker)."""
    far = max(range(len(ring)), key=lambda n: math.dist(ring[n], ring[0]))
    kept = {0, far, len(ring) - 1}
    spans = [(0, far), (far, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        worst = max(between, key=lambda n: _off(ring, n, first, last), default=first)
        if worst != first and _off(ring, worst, first, last) > tolerance:
            kept.add(worst)
            spans += [(first, worst), (worst, last)]
    return tuple(ring[n] for n in sorted(kept))


def _off(ring: Ring, n: int, first: int, last: int) -> float:
    """Return the distance of a corner from the line between two others, in degrees."""
    (x, y), (x1, y1), (x2, y2) = ring[n], ring[first], ring[last]
    across, up = x2 - x1, y2 - y1
    length = across * across + up * up
    part = ((x - x1) * across + (y - y1) * up) / length if length else 0.0
    part = min(max(part, 0.0), 1.0)
    return math.hypot(x - x1 - part * across, y - y1 - part * up)
