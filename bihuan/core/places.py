"""Points on the ground, and grid cells that find nearby ones without a map engine."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8
# A hundredth of a degree: 1.1 km north to south, a little less east to west.
CELLS_PER_DEGREE = 100
_ROW = 1_000_000
# The precision that may be published: a thousandth of a degree, about a hundred metres.
PUBLIC_DIGITS = 3


@dataclass(frozen=True)
class Point:
    """A point on the ground, in degrees of WGS 84; `ValueError` for any other."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # Also false for NaN.
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"{self.latitude}, {self.longitude} is not on the ground")

    @property
    def cell(self) -> int:
        """Return the number of the grid cell with this point."""
        return _number(math.floor(self.latitude * CELLS_PER_DEGREE), _column(self.longitude))

    @property
    def is_nowhere(self) -> bool:
        """Whether it is 0, 0, in the Gulf of Guinea: sent by devices without a position."""
        return max(abs(self.latitude), abs(self.longitude)) < 1 / CELLS_PER_DEGREE

    @property
    def is_whole(self) -> bool:
        """Whether both are whole degrees, which a registry has rounded: useless on a map."""
        return self.latitude == int(self.latitude) and self.longitude == int(self.longitude)

    def rounded(self, digits: int = PUBLIC_DIGITS) -> Point:
        return Point(round(self.latitude, digits), round(self.longitude, digits))

    def metres_to(self, other: Point) -> float:
        """Return the great-circle distance."""
        lat_a, lon_a = math.radians(self.latitude), math.radians(self.longitude)
        lat_b, lon_b = math.radians(other.latitude), math.radians(other.longitude)
        half = (
            math.sin((lat_b - lat_a) / 2) ** 2
            + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
        )
        return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))

    def cells_around(self, metres: float) -> list[int]:
        """Return the cells that a circle with this radius touches, at most a few dozen."""
        up = metres / 111_000
        across = up / max(math.cos(math.radians(self.latitude)), 0.05)
        rows = range(
            math.floor((self.latitude - up) * CELLS_PER_DEGREE),
            math.floor((self.latitude + up) * CELLS_PER_DEGREE) + 1,
        )
        columns = range(_column(self.longitude - across), _column(self.longitude + across) + 1)
        return [_number(row, column) for row in rows for column in columns]


def point(latitude: float | None, longitude: float | None) -> Point | None:
    """Return the point as it is stored; None if there is none."""
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def on_ground(latitude: float | None, longitude: float | None) -> Point | None:
    """Return the point if both were given and are on the ground."""
    try:
        return point(latitude, longitude)
    except ValueError:
        return None


def given(latitude: float | None, longitude: float | None) -> Point | None:
    """Return the point that a device gave, if it has a position."""
    found = on_ground(latitude, longitude)
    return None if found is None or found.is_nowhere else found


def _column(longitude: float) -> int:
    return math.floor(longitude * CELLS_PER_DEGREE)


def _number(row: int, column: int) -> int:
    return (row + 90 * CELLS_PER_DEGREE) * _ROW + column + 180 * CELLS_PER_DEGREE
