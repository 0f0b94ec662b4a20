"""A map drawn from points: inside its frame, true to scale, and no more exact than it may be."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.places import Point
from bihuan.core.sketch import sketch

NEARBY = st.lists(
    st.tuples(st.floats(30.0, 30.6), st.floats(110.0, 110.8)), min_size=1, max_size=8
).map(lambda points: {n: Point(*each) for n, each in enumerate(points)})


@given(NEARBY)
def test_every_dot_lies_within_the_drawing(points: dict[int, Point]) -> None:
    drawn = sketch(points, width=640, height=480)

    assert drawn is not None
    assert set(drawn.dots) == set(points)
    assert all(0 <= x <= 640 and 0 <= y <= 480 for x, y in drawn.dots.values())


@given(NEARBY)
def test_distances_on_the_drawing_are_those_on_the_ground(points: dict[int, Point]) -> None:
    drawn = sketch(points, width=640, height=480)

    assert drawn is not None
    scale = drawn.step_m / drawn.step
    for one in points:
        for other in points:
            (x, y), (u, v) = drawn.dots[one], drawn.dots[other]
            expected = points[one].metres_to(points[other])
            assert hypot(x - u, y - v) * scale == pytest.approx(expected, rel=0.02, abs=3 * scale)


@given(NEARBY)
def test_north_is_up_and_east_is_right(points: dict[int, Point]) -> None:
    drawn = sketch(points, width=640, height=480)

    assert drawn is not None
    for one, here in points.items():
        for other, there in points.items():
            (x, y), (u, v) = drawn.dots[one], drawn.dots[other]
            assert y <= v if here.latitude >= there.latitude else y >= v
            assert x >= u if here.longitude >= there.longitude else x <= u


@given(NEARBY)
def test_the_squares_of_the_grid_are_of_a_round_width_and_few(points: dict[int, Point]) -> None:
    drawn = sketch(points, width=640, height=480)

    assert drawn is not None
    assert str(drawn.step_m).strip("0") in {"1", "2", "5"}
    assert 3 < len(drawn.columns) < 15


def test_nothing_makes_no_map() -> None:
    assert sketch({}, width=640, height=480) is None


@given(st.floats(-80, 80), st.floats(-180, 180))
def test_a_published_point_is_known_to_about_a_hundred_metres(
    latitude: float, longitude: float
) -> None:
    shown = Point(latitude, longitude).rounded()

    assert Point(latitude, longitude).metres_to(shown) < 80
    degrees = (shown.latitude, shown.longitude)
    assert all(round(each * 1000) == pytest.approx(each * 1000) for each in degrees)
