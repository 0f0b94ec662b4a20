"""GeoJSON files for tests: squares of invented ground."""

from __future__ import annotations

import json
from pathlib import Path

WEST, SOUTH = 100.0, 25.0


def ring(west: float = WEST, south: float = SOUTH, side: float = 0.1) -> list[list[float]]:
    """The corners of a square, closed."""
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def square(code: str, west: float = WEST, south: float = SOUTH) -> dict[str, object]:
    """A feature that gives the unit with this code a square of about ten kilometres."""
    return feature(polygon(ring(west, south)), code=code)


def geojson(folder: Path, *features: object, name: str = "boundaries.geojson") -> Path:
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file
