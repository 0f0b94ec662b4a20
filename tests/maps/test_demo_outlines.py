"""The outlines of the demo are whole, and their towns are where they are said to be."""

from __future__ import annotations

from pathlib import Path

from bihuan.maps import reader
from tools import demo_outlines


def test_each_town_of_the_demo_holds_its_centre_and_is_in_the_county(tmp_path: Path) -> None:
    file = tmp_path / "demo.geojson"

    demo_outlines.write(file)

    areas = {each.code: each.area for each in reader.read(file)}
    county = areas.pop(demo_outlines.COUNTY)
    assert len(areas) == 6
    for code, area in areas.items():
        point = demo_outlines.centre(code)
        assert [each for each, other in areas.items() if other.contains(point)] == [code]
        assert area.points > 100
        assert county.contains(point)


def test_the_outlines_are_the_same_each_time(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.geojson" for n in range(2)]
    for file in files:
        demo_outlines.write(file)

    assert files[0].read_bytes() == files[1].read_bytes()
