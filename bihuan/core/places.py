"""Distances on the ground, and grid cells that find nearby places without a map engine."""

from __future__ import annotations

import math

EARTH_RADIUS_M = 6_371_008.8
# A hundredth of a degree: 1.1 km north to south, a little less east to west.
CELLS_PER_DEGREE = 100
_ROW = 1_000_000


def cell(latitude: float, longitude: float) -> int:
    """Return the number of the grid cell with this point (WGS 84 degrees)."""
    return _number(math.floor(latitude * CELLS_PER_DEGREE), _column(longitude))


def cells_around(latitude: float, longitude: float, metres: float) -> list[int]:
    """Return the cells that a circle with this radius touches, at most a few dozen."""
    up = metres / 111_000
    across = up / max(math.cos(math.radians(latitude)), 0.05)
    rows = range(
        math.floor((latitude - up) * CELLS_PER_DEGREE),
        math.floor((latitude + up) * CELLS_PER_DEGREE) + 1,
    )
    columns = range(_column(longitude - across), _column(longitude + across) + 1)
    return [_number(row, column) for row in rows for column in columns]


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) points."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def is_nowhere(latitude: float, longitude: float) -> bool:
    """Whether the point is 0, 0, in the Gulf of Guinea: sent by devices without a position."""
    return abs(latitude) < 1 / CELLS_PER_DEGREE and abs(longitude) < 1 / CELLS_PER_DEGREE


def known(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return the point if both coordinates are given and valid."""
    if latitude is None or longitude is None or is_nowhere(latitude, longitude):
        return None
    return latitude, longitude


def is_rounded(latitude: float, longitude: float) -> bool:
    """Whether both are whole degrees, which a registry has rounded: useless on a map."""
    return latitude == int(latitude) and longitude == int(longitude)


def _column(longitude: float) -> int:
    return math.floor(longitude * CELLS_PER_DEGREE)


def _number(row: int, column: int) -> int:
    return (row + 90 * CELLS_PER_DEGREE) * _ROW + column + 180 * CELLS_PER_DEGREE
