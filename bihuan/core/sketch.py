"""A simple map of points: their relative positions, a grid and a scale, without tiles."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bihuan.core.places import Point

METRES_PER_DEGREE = 111_195.0
# A single point still needs an area around it.
LEAST_SPAN_M = 1_000.0
MARGIN = 0.08
GRID_LINES = 5

K = TypeVar("K", bound=Hashable)
Dot = tuple[float, float]


@dataclass(frozen=True)
class Sketch(Generic[K]):
    """Coordinates in units of the drawing; a square of the grid is `step_m` metres wide."""

    width: int
    height: int
    dots: dict[K, Dot]
    columns: tuple[float, ...]
    lines: tuple[float, ...]
    step: float
    step_m: int


def sketch(points: Mapping[K, Point], *, width: int, height: int) -> Sketch[K] | None:
    """Return the drawing of these points; None if there are none."""
    if not points:
        return None
    north, south = _ends([point.latitude for point in points.values()])
    east, west = _ends([point.longitude for point in points.values()])
    # Degrees of longitude are shorter than those of latitude, but nearly constant within a
    # district.
    shrink = max(math.cos(math.radians((north + south) / 2)), 0.01)
    tall, wide = (north - south) * METRES_PER_DEGREE, (east - west) * METRES_PER_DEGREE * shrink
    free = 1 - 2 * MARGIN
    metres = max(wide / (width * free), tall / (height * free), LEAST_SPAN_M / (width * free))
    middle = Point((north + south) / 2, (east + west) / 2)

    def drawn(point: Point) -> Dot:
        right = (point.longitude - middle.longitude) * METRES_PER_DEGREE * shrink / metres
        up = (point.latitude - middle.latitude) * METRES_PER_DEGREE / metres
        return round(width / 2 + right, 1), round(height / 2 - up, 1)

    step_m = _round_step(width * metres / GRID_LINES)
    step = step_m / metres
    return Sketch(
        width,
        height,
        {key: drawn(point) for key, point in points.items()},
        tuple(_ruled(width, step)),
        tuple(_ruled(height, step)),
        round(step, 1),
        step_m,
    )


def _ends(values: list[float]) -> Dot:
    return max(values), min(values)


def _round_step(metres: float) -> int:
    """Return the largest of 1, 2 or 5 times a power of ten that is no more than this."""
    power = 10 ** math.floor(math.log10(metres))
    return int(next(n * power for n in (5, 2, 1) if n * power <= metres))


def _ruled(length: int, step: float) -> Iterator[float]:
    for n in range(1, int(length / step) + 1):
        if (at := n * step) < length:
            yield round(at, 1)
