"""Squares and distances on the ground."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import places
from bihuan.core.places import Point

LATITUDES = st.floats(-60, 60)
LONGITUDES = st.floats(-179, 179)


@given(LATITUDES, LONGITUDES, st.floats(0, 6.28), st.floats(0, 300))
def test_whatever_is_near_lies_in_the_squares_around(
    latitude: float, longitude: float, bearing: float, metres: float
) -> None:
    import math

    other = (
        latitude + metres * math.cos(bearing) / 111_320,
        longitude + metres * math.sin(bearing) / (111_320 * math.cos(math.radians(latitude))),
    )

    squares = Point(latitude, longitude).cells_around(305)

    assert Point(*other).cell in squares


def test_distance_of_a_degree_of_latitude_is_the_known_one() -> None:
    assert round(Point(0, 0).metres_to(Point(1, 0))) == 111_195


def test_whole_degrees_are_known_as_rounded() -> None:
    assert Point(39.0, -77.0).is_whole
    assert not Point(39.347, -76.669).is_whole


@pytest.mark.parametrize(
    ("latitude", "longitude", "found"),
    [
        (25.03, 102.71, (25.03, 102.71)),
        (0.0, 102.71, (0.0, 102.71)),
        (25.03, 0.0, (25.03, 0.0)),
        (0.0, 0.0, None),
        (-0.0, 0.000_9, None),
        (None, 102.71, None),
        (25.03, None, None),
        (90.1, 102.71, None),
        (25.03, -180.1, None),
        (float("nan"), 102.71, None),
    ],
)
def test_a_place_is_known_where_both_were_said_and_are_not_nought(
    latitude: float | None, longitude: float | None, found: tuple[float, float] | None
) -> None:
    assert places.given(latitude, longitude) == (Point(*found) if found else None)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0.0), (-90.1, 0.0), (0.0, 180.1), (0.0, -180.1), (float("nan"), 0.0), (0.0, inf)],
)
def test_a_point_is_on_the_ground(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="not on the ground"):
        Point(latitude, longitude)
