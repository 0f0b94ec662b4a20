"""A county with two towns whose boundaries are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation

from bihuan.core.powers import Power
from bihuan.maps import reader
from bihuan.maps.actions import load_boundaries
from bihuan.orgs.models import Unit, User
from tests.factories import NOW, make_officer, make_unit
from tests.maps.outlines import feature, geojson, polygon, ring, square


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class District:
    county: Unit
    west: Unit
    east: Unit
    officer: User


@pytest.fixture
def district(tmp_path: Path) -> District:
    return load_district(tmp_path)


def load_district(tmp_path: Path) -> District:
    """The county is 20 km wide; the towns are its western and its eastern half."""
    county = make_unit(name="某县", code="county")
    west = make_unit(county, name="西镇", code="west", kind=Unit.Kind.TOWN)
    east = make_unit(county, name="东镇", code="east", kind=Unit.Kind.TOWN)
    whole = [[100.0, 25.0], [100.2, 25.0], [100.2, 25.1], [100.0, 25.1], [100.0, 25.0]]
    file = geojson(
        tmp_path,
        feature(polygon(whole), code="county"),
        square("west"),
        feature(polygon(ring(100.1)), code="east"),
    )
    load_boundaries(outlines=reader.read(file), source=file.name, now=NOW)
    return District(county, west, east, make_officer(west, Power.REPORT))
