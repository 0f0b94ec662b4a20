"""Areas are read strictly, know what lies in them, and are drawn with few corners."""

from __future__ import annotations

import math
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import shapes
from bihuan.core.places import Point
from bihuan.core.shapes import Area, BadShape, Bounds, ShapeFault, read_area, ring_of, simplified

SQUARE = [[100.0, 25.0], [100.2, 25.0], [100.2, 25.2], [100.0, 25.2], [100.0, 25.0]]
HOLE = [[100.05, 25.05], [100.1, 25.05], [100.1, 25.1], [100.05, 25.1], [100.05, 25.05]]
FAR = [[101.0, 25.0], [101.2, 25.0], [101.1, 25.2], [101.0, 25.0]]


def polygon(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def star(radii: list[float]) -> Area:
    """An outline around a middle, at these distances: never crosses itself."""
    step = 2 * math.pi / len(radii)
    corners = [
        (100 + radius * math.cos(n * step), 25 + radius * math.sin(n * step))
        for n, radius in enumerate(radii)
    ]
    return read_area(polygon([[*map(float, at)] for at in [*corners, corners[0]]]))


RADII = st.lists(st.floats(0.05, 0.5), min_size=3, max_size=60)


@pytest.mark.parametrize(
    ("latitude", "longitude", "is_inside"),
    [
        (25.01, 100.01, True),
        (25.07, 100.07, False),
        (25.12, 100.12, True),
        (25.1, 100.3, False),
        (24.99, 100.1, False),
        (25.05, 101.1, True),
        (25.15, 101.02, False),
    ],
)
def test_a_point_is_inside_an_outer_ring_and_outside_its_holes(
    latitude: float, longitude: float, is_inside: bool
) -> None:
    area = read_area({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [FAR]]})

    assert area.contains(Point(latitude, longitude)) is is_inside


@given(RADII, st.floats(0, 6.28), st.floats(0, 1))
def test_a_star_holds_what_is_nearer_to_its_middle_than_its_side(
    radii: list[float], bearing: float, part: float
) -> None:
    step = 2 * math.pi / len(radii)
    n, _ = divmod(bearing, step)
    near, far = radii[int(n) % len(radii)], radii[(int(n) + 1) % len(radii)]
    # The side is nowhere nearer than this, and nowhere farther than the longer of the two.
    nearest = near * far * math.sin(step) / math.dist((near, 0), _polar(far, step))
    inner, outer = min(nearest, near, far) * 0.99 * part, max(near, far) * (1.01 + part)

    area = star(radii)

    assert area.contains(Point(25 + inner * math.sin(bearing), 100 + inner * math.cos(bearing)))
    assert not area.contains(Point(25 + outer * math.sin(bearing), 100 + outer * math.cos(bearing)))


def _polar(radius: float, bearing: float) -> tuple[float, float]:
    return radius * math.cos(bearing), radius * math.sin(bearing)


@given(RADII)
def test_the_bounds_hold_every_corner_and_what_is_written_is_read_again(radii: list[float]) -> None:
    area = star(radii)

    assert all(area.bounds.contains(Point(y, x)) for x, y in area.polygons[0][0])
    assert read_area(area.as_geojson()) == area


@given(st.lists(st.floats(0.3, 0.5), min_size=50, max_size=200), st.integers(10, 40))
def test_a_simpler_outline_has_fewer_corners_and_stays_near(radii: list[float], most: int) -> None:
    area = star(radii)

    drawn = simplified(area, most)

    assert drawn.points <= max(most, 4)
    assert set(drawn.polygons[0][0]) <= set(area.polygons[0][0])
    assert drawn.contains(Point(25, 100)) or most < 12


def test_what_has_few_corners_is_drawn_as_it_is() -> None:
    area = read_area(polygon(SQUARE, HOLE))

    assert simplified(area) is area


def test_small_islands_go_before_the_land() -> None:
    speck = [[100.5, 25.5], [100.5001, 25.5], [100.5001, 25.5001], [100.5, 25.5]]
    area = read_area({"type": "MultiPolygon", "coordinates": [[SQUARE], [speck]]})

    drawn = simplified(area, most=6)

    assert [outer for outer, *_ in drawn.polygons] == [area.polygons[0][0]]


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        (None, ShapeFault.KIND),
        ([], ShapeFault.KIND),
        ({"type": "Point", "coordinates": [100, 25]}, ShapeFault.KIND),
        ({"type": ["Polygon"], "coordinates": [SQUARE]}, ShapeFault.KIND),
        ({"type": "Polygon"}, ShapeFault.LISTS),
        ({"type": "Polygon", "coordinates": []}, ShapeFault.LISTS),
        ({"type": "MultiPolygon", "coordinates": [[]]}, ShapeFault.LISTS),
        (polygon({"a": 1}), ShapeFault.LISTS),
        (polygon([1, 2, 3, 4]), ShapeFault.NUMBERS),
        (polygon([[100, "25"]] * 4), ShapeFault.NUMBERS),
        (polygon([[100, True]] * 4), ShapeFault.NUMBERS),
        (polygon([[nan, 25]] * 4), ShapeFault.NUMBERS),
        (polygon([[100]] * 4), ShapeFault.NUMBERS),
        (polygon([[inf, 25]] * 4), ShapeFault.OFF_EARTH),
        (polygon([[10**400, 25]] * 4), ShapeFault.OFF_EARTH),
        (polygon([[423_000.0, 2_765_000.0]] * 4), ShapeFault.OFF_EARTH),
        (polygon([[25.0, 100.0]] * 4), ShapeFault.SWAPPED),
        (polygon(SQUARE[:3]), ShapeFault.OPEN),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0]]), ShapeFault.SHORT),
        (polygon([SQUARE[0]] * 8), ShapeFault.SHORT),
        (polygon([SQUARE[0], SQUARE[1], [100.3, 25.0], SQUARE[0]]), ShapeFault.FLAT),
        (polygon(SQUARE[:1] * (shapes.MOST_POINTS + 1)), ShapeFault.LARGE),
        (polygon(*[SQUARE] * (shapes.MOST_RINGS + 1)), ShapeFault.LARGE),
    ],
)
def test_what_is_not_an_area_is_refused_by_what_is_wrong(
    geometry: object, fault: ShapeFault
) -> None:
    with pytest.raises(BadShape) as refused:
        read_area(geometry)

    assert refused.value.fault is fault


def test_an_outline_that_crosses_itself_is_refused_with_the_place() -> None:
    bow = [[100.0, 25.0], [100.2, 25.2], [100.2, 25.0], [100.0, 25.2], [100.0, 25.0]]

    with pytest.raises(BadShape) as refused:
        read_area(polygon([*bow[:2], [100.3, 25.1], *bow[2:]]))

    assert refused.value.fault is ShapeFault.CROSSING
    assert refused.value.at == "25.1, 100.1"


def test_a_hole_may_touch_its_ring_and_not_cross_it() -> None:
    touching = [[100.0, 25.1], [100.1, 25.05], [100.1, 25.15], [100.0, 25.1]]
    crossing = [[99.9, 25.1], [100.1, 25.05], [100.1, 25.15], [99.9, 25.1]]

    assert read_area(polygon(SQUARE, touching)).points == 9
    with pytest.raises(BadShape):
        read_area(polygon(SQUARE, crossing))


def test_an_outline_too_tangled_to_be_checked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST_COMPARED", 3)

    with pytest.raises(BadShape) as refused:
        read_area(polygon(SQUARE, HOLE))

    assert refused.value.fault is ShapeFault.TANGLED


def test_corners_that_a_person_set_are_closed() -> None:
    corners = [(100.0, 25.0), (100.1, 25.0), (100.1, 25.1)]

    assert ring_of(corners) == (*corners, corners[0])
    assert ring_of([*corners, corners[0]]) == (*corners, corners[0])


@pytest.mark.parametrize("few", [[], [(100.0, 25.0)], [(100.0, 25.0), (100.1, 25.0)]])
def test_fewer_than_three_corners_are_no_area(few: list[tuple[float, float]]) -> None:
    with pytest.raises(BadShape) as refused:
        ring_of(few)

    assert refused.value.fault is ShapeFault.SHORT


def test_joined_bounds_hold_both() -> None:
    assert Bounds(1, 2, 3, 4).joined(Bounds(0, 3, 2, 9)) == Bounds(0, 2, 3, 9)
