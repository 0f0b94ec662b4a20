"""Charts: a piece of ground on a flat drawing, and back."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bihuan.core.places import Point
from bihuan.core.shapes import Area, Bounds, Ring
from bihuan.core.sketch import METRES_PER_DEGREE

# Nothing is drawn closer than this: a single point needs ground around it.
LEAST_SPAN_M = 400.0
MARGIN = 0.05
Dot = tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """A drawing of this many units, whose upper left corner is at `west` and `north`."""

    width: int
    height: int
    west: float
    north: float
    # Degrees in one unit of the drawing; those of longitude are longer the further north.
    across: float
    down: float

    @property
    def bounds(self) -> Bounds:
        return Bounds(
            self.west,
            self.north - self.height * self.down,
            self.west + self.width * self.across,
            self.north,
        )

    @property
    def metres(self) -> float:
        """The metres in one unit of the drawing."""
        return self.down * METRES_PER_DEGREE

    def dot(self, point: Point) -> Dot:
        return self._dot((point.longitude, point.latitude))

    def path(self, area: Area) -> str:
        """Return the data of an SVG path; holes are left open by the even-odd rule."""
        return "".join(self._line(ring) for polygon in area.polygons for ring in polygon)

    def _line(self, ring: Ring) -> str:
        dots = (self._dot(at) for at in ring[:-1])
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in dots) + "Z"

    def _dot(self, at: tuple[float, float]) -> Dot:
        return (
            round((at[0] - self.west) / self.across, 1),
            round((self.north - at[1]) / self.down, 1),
        )

    @property
    def scale(self) -> tuple[int, float]:
        """Return a round number of metres, at most a quarter of the width, and its length."""
        wanted = self.width * self.metres / 4
        power = 10 ** math.floor(math.log10(wanted))
        metres = next(n * power for n in (5, 2, 1) if n * power <= wanted)
        return max(int(metres), 1), round(metres / self.metres, 1)


def chart(bounds: Bounds, *, width: int, height: int) -> Chart:
    """Return the chart on which all of this ground is seen, with a margin."""
    middle = bounds.middle
    shrink = max(math.cos(math.radians(middle.latitude)), 0.01)
    free = 1 - 2 * MARGIN
    down = max(
        (bounds.east - bounds.west) * shrink / (width * free),
        (bounds.north - bounds.south) / (height * free),
        LEAST_SPAN_M / METRES_PER_DEGREE / (width * free),
    )
    across = down / shrink
    return Chart(
        width,
        height,
        middle.longitude - across * width / 2,
        middle.latitude + down * height / 2,
        across,
        down,
    )
