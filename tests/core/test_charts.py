"""A chart shows all of its ground, and leads back from the drawing to the ground."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.charts import chart
from bihuan.core.places import Point
from bihuan.core.shapes import Bounds, read_area

GROUND = st.builds(
    lambda west, south, wide, high: Bounds(west, south, west + wide, south + high),
    st.floats(73, 130),
    st.floats(18, 50),
    st.floats(0, 2),
    st.floats(0, 2),
)


@given(GROUND, st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_the_ground_is_on_the_chart(ground: Bounds, right: float, up: float) -> None:
    drawn = chart(ground, width=960, height=640)
    point = Point(
        ground.south + up * (ground.north - ground.south),
        ground.west + right * (ground.east - ground.west),
    )

    x, y = drawn.dot(point)

    assert 0 < x < 960
    assert 0 < y < 640
    assert abs(drawn.west + x * drawn.across - point.longitude) <= drawn.across
    assert abs(drawn.north - y * drawn.down - point.latitude) <= drawn.down
    assert drawn.bounds.contains(point)


@given(GROUND)
def test_the_scale_is_a_round_number_of_metres_in_a_quarter_of_the_width(ground: Bounds) -> None:
    metres, length = chart(ground, width=960, height=640).scale

    assert str(metres).rstrip("0") in {"1", "2", "5"}
    assert 60 < length <= 240


def test_a_path_leaves_out_the_corner_that_closes_a_ring() -> None:
    ring = [[100.0, 25.0], [100.2, 25.0], [100.2, 25.2], [100.0, 25.0]]
    area = read_area({"type": "Polygon", "coordinates": [ring]})

    path = chart(area.bounds, width=100, height=100).path(area)

    assert path.startswith("M")
    assert path.endswith("Z")
    assert path.count("L") == 2
