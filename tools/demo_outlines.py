"""Outlines of the demo's county and towns: invented shapes, drawn for this project.

The centre is one town; five others lie around it. Neighbours share their borders, which wander a
little, the same way each time.
"""

from __future__ import annotations

import json
import math
import random
from itertools import pairwise
from pathlib import Path

from bihuan.core.places import Point

COUNTY = "530499"
CENTRE_TOWN = "530499101"
TOWNS_AROUND = ("530499102", "530499103", "530499104", "530499105", "530499106")
MIDDLE = (102.7123, 25.0412)
INNER, OUTER = 0.055, 0.17
# The outer border bends inwards between its corners.
WELL_INSIDE = 0.09
HALVINGS = 5

Corner = tuple[float, float]
Line = list[Corner]


def centre(code: str) -> Point:
    """Return a point well inside the town, or of the county seat."""
    if code not in TOWNS_AROUND:
        return Point(MIDDLE[1], MIDDLE[0])
    longitude, latitude = _at(TOWNS_AROUND.index(code) + 0.5, WELL_INSIDE)
    return Point(latitude, longitude)


def write(path: Path) -> None:
    """Write the outlines as GeoJSON, with the codes of their units."""
    collection = {
        "type": "FeatureCollection",
        "features": [_feature(code, ring) for code, ring in _rings()],
    }
    path.write_text(json.dumps(collection), encoding="utf-8")


def _feature(code: str, ring: Line) -> dict[str, object]:
    geometry = {"type": "Polygon", "coordinates": [[[*map(_rounded, at)] for at in ring]]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def _rings() -> list[tuple[str, Line]]:
    chance = random.Random(20261201)  # noqa: S311 - the same shapes each time
    inner = [_at(n, INNER * chance.uniform(0.85, 1.2)) for n in range(5)]
    outer = [_at(n, OUTER * chance.uniform(0.85, 1.15)) for n in range(5)]
    ring = [_wandering(a, b, chance) for a, b in pairwise([*inner, inner[0]])]
    edge = [_wandering(a, b, chance) for a, b in pairwise([*outer, outer[0]])]
    spokes = [_wandering(a, b, chance) for a, b in zip(inner, outer, strict=True)]
    towns = [
        (code, _joined(spokes[n], edge[n], spokes[(n + 1) % 5][::-1], ring[n][::-1]))
        for n, code in enumerate(TOWNS_AROUND)
    ]
    return [(COUNTY, _joined(*edge)), (CENTRE_TOWN, _joined(*ring)), *towns]


def _at(step: float, radius: float) -> Corner:
    """Return the corner in this fifth of the way around the middle."""
    turn = 2 * math.pi * step / 5 + 0.4
    shrink = math.cos(math.radians(MIDDLE[1]))
    return MIDDLE[0] + radius * math.cos(turn) / shrink, MIDDLE[1] + radius * math.sin(turn)


def _wandering(start: Corner, end: Corner, chance: random.Random) -> Line:
    """Return a line between the two, whose halves are moved aside again and again."""
    line = [start, end]
    for _ in range(HALVINGS):
        halved = [start]
        for (x1, y1), (x2, y2) in pairwise(line):
            aside = chance.uniform(-0.09, 0.09)
            middle = ((x1 + x2) / 2 - aside * (y2 - y1), (y1 + y2) / 2 + aside * (x2 - x1))
            halved += [middle, (x2, y2)]
        line = halved
    return line


def _joined(*lines: Line) -> Line:
    corners = [at for line in lines for at in line[:-1]]
    return [*corners, corners[0]]


def _rounded(degrees: float) -> float:
    return round(degrees, 5)
