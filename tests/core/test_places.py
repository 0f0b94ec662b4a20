"""Squares and distances on the ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import places

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

    squares = places.cells_around(latitude, longitude, 305)

    assert places.cell(*other) in squares


def test_distance_of_a_degree_of_latitude_is_the_known_one() -> None:
    assert round(places.metres_between((0, 0), (1, 0))) == 111_195


def test_whole_degrees_are_known_as_rounded() -> None:
    assert places.is_rounded(39.0, -77.0)
    assert not places.is_rounded(39.347, -76.669)


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
    ],
)
def test_a_place_is_known_where_both_were_said_and_are_not_nought(
    latitude: float | None, longitude: float | None, found: tuple[float, float] | None
) -> None:
    assert places.known(latitude, longitude) == found
