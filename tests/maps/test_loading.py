"""Boundaries are loaded whole or not at all, by code or name, and a second run changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bihuan.core.places import Point
from bihuan.journal.models import Entry
from bihuan.maps import queries, reader
from bihuan.maps.models import Boundary
from tests.factories import make_unit
from tests.maps.outlines import feature, geojson, polygon, ring, square

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def load(file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("load_boundaries", str(file), *options)
    return capsys.readouterr().out


def test_units_are_found_by_code_division_code_and_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county = make_unit(division_code="530400")
    town, village = make_unit(county, code="town"), make_unit(county, name="清水村")
    by_name = feature(polygon(ring(100.2)), 名称="清水村")
    by_division = feature(polygon(ring(100.4)), adcode=530400)

    said = load(geojson(tmp_path, square("town"), by_name, by_division), capsys)

    assert "3" in said.splitlines()[0]
    assert {each.unit for each in Boundary.objects.all()} == {county, town, village}


def test_a_second_run_changes_nothing_and_another_outline_replaces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_unit(code="town")
    load(geojson(tmp_path, square("town")), capsys)
    load(geojson(tmp_path, square("town")), capsys)
    moved = geojson(tmp_path, square("town", west=101.0), name="moved.geojson")

    load(moved, capsys)

    boundary = Boundary.objects.get()
    assert (boundary.west, boundary.source) == (101.0, "moved.geojson")
    acts = Entry.objects.filter(chain__subject=boundary.subject).order_by("seq")
    assert [*acts.values_list("act", flat=True)] == ["load_boundary", "replace_boundary"]


def test_a_dry_run_says_what_would_change_and_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_unit(code="town")

    said = load(geojson(tmp_path, square("town")), capsys, "--dry-run")

    assert "town" in said
    assert not Boundary.objects.exists()
    assert not Entry.objects.exists()


def refused(file: Path) -> str:
    with pytest.raises(CommandError) as error:
        call_command("load_boundaries", str(file))
    assert not Boundary.objects.exists()
    return str(error.value)


def test_one_bad_feature_refuses_the_file_and_all_are_named(tmp_path: Path) -> None:
    make_unit(code="town")
    make_unit(code="village")
    bow = [[100.0, 25.0], [100.2, 25.2], [100.2, 25.0], [100.0, 25.2], [100.0, 25.0]]
    file = geojson(
        tmp_path,
        square("town"),
        feature({"type": "Point", "coordinates": [100, 25]}, code="village"),
        feature(polygon(bow[1:]), name="开口村"),
        feature(polygon(ring())),
        "nothing",
    )

    said = refused(file)

    assert said.startswith(str(file))
    for words in ("2 (village)", "Point", "3 (开口村)", "feature 4", "feature 5"):
        assert words in said


def test_units_that_are_unknown_named_alike_or_given_twice_are_refused(tmp_path: Path) -> None:
    make_unit(code="town")
    make_unit(code="a", name="红星村")
    make_unit(code="b", name="红星村")
    file = geojson(
        tmp_path,
        square("town"),
        square("town"),
        square("nowhere"),
        feature(polygon(ring()), name="红星村"),
    )

    said = refused(file)

    assert "feature 2 (town): the same unit as feature 1" in said
    assert "no unit has the code or name “nowhere”" in said
    assert "a, b" in said


def test_latitude_first_is_suspected_where_both_orders_are_on_earth(tmp_path: Path) -> None:
    make_unit(code="town")
    kashgar = [[y, x] for x, y in ring(76.0, 39.4)]

    said = refused(geojson(tmp_path, feature(polygon(kashgar), code="town")))

    assert "exchanged" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid JSON"),
        (b"\x00\x00", "not valid JSON"),
        (b"\xff\xfe\x00", "not a text"),
        (b"[" * 200_000, "not valid JSON"),
        (b"1" * 5_000, "not valid JSON"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "Topology"}', "Topology"),
        (b'{"type": "FeatureCollection", "features": {}}', "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": [1], "crs": 5}', "“?”"),
    ],
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "boundaries.geojson"
    file.write_bytes(content)

    assert words in refused(file)


def test_a_projected_file_is_refused_by_its_system(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}
    features = [square("town")]
    file = tmp_path / "boundaries.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))

    assert "4527" in refused(file)


def test_large_files_and_many_features_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = geojson(tmp_path, square("town"), square("town"))

    monkeypatch.setattr(reader, "MOST_FEATURES", 1)
    assert "more than 1 features" in refused(file)

    monkeypatch.setattr(reader, "MOST_BYTES", 10)
    assert "larger" in refused(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "missing.geojson")


def test_a_text_in_gb_18030_and_hostile_names_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_unit(name="<b>镇</b>")
    named = feature(polygon(ring()), name="<b>\x00镇</b>", unit=10**4000)
    text = json.dumps(named, ensure_ascii=False)
    file = tmp_path / "boundaries.geojson"
    file.write_bytes(text.encode("gb18030"))

    load(file, capsys)

    assert Boundary.objects.get().unit.name == "<b>镇</b>"


def test_the_nearest_boundary_above_says_whether_a_point_is_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county = make_unit(code="county")
    village = make_unit(make_unit(county))
    load(geojson(tmp_path, square("county")), capsys)

    assert queries.lies_outside(village, Point(25.05, 100.05)) is None
    outside = queries.lies_outside(village, Point(26, 100.05))
    assert outside is not None
    assert outside.unit == county
    assert queries.lies_outside(make_unit(), Point(26, 100.05)) is None
