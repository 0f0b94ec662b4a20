"""A position is typed in many ways, read strictly, and asked about outside its unit."""

from __future__ import annotations

import pytest
from django import forms

from bihuan.core.places import Point
from bihuan.core.shapes import Area
from bihuan.maps.forms import AreaField, PlacedForm, PointField, corners
from bihuan.orgs.forms import UnitField
from tests.maps.conftest import District

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


class PlaceForm(PlacedForm):
    fieldsets = (("Place", ("unit", "point")),)

    unit = UnitField(required=False)
    point = PointField(required=False, unit="unit")


class ShapeForm(forms.Form):
    shape = AreaField(required=False)


def sent(latitude: str, longitude: str = "", **others: object) -> dict[str, object]:
    return {"point_0": latitude, "point_1": longitude, "point_latitude": latitude} | {
        "point_longitude": longitude,
        **others,
    }


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("24.88", "102.83"),
        ("24.88, 102.83", ""),
        ("24.88，102.83", ""),
        ("２４.８８", "１０２.８３"),
        (" +24.88 ", "102.830"),
        ("24.88 102.83", ""),
        ("24.88；102.83", ""),
    ],
)
def test_a_point_is_typed_in_two_boxes_or_pasted_in_one(latitude: str, longitude: str) -> None:
    form = PlaceForm(sent(latitude, longitude))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["point"] == Point(24.88, 102.83)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("24.88", ""),
        ("", "102.83"),
        ("24.88, 102.83", "5"),
        ("102.83", "24.88"),
        ("91", "181"),
        ("north", "east"),
        ("nan", "inf"),
        ("1e1", "1e2"),
        ("24.88\x00", "102.83"),
        ("<b>", "=cmd"),
        ("24°52'", "102°50'"),
        ("0", "0"),
        ("9" * 5000, "1"),
    ],
)
def test_what_is_no_point_is_refused_and_stays_typed(latitude: str, longitude: str) -> None:
    form = PlaceForm(sent(latitude, longitude))

    assert "point" in form.errors
    assert form["point"].value() == [latitude, longitude]


def test_no_position_is_no_error_unless_it_is_needed() -> None:
    assert PlaceForm(sent("", "")).is_valid()
    with pytest.raises(forms.ValidationError):
        PointField().clean(["", ""])


def test_a_point_outside_the_outline_of_its_unit_is_asked_about(district: District) -> None:
    outside = sent("25.05", "100.15", unit=str(district.west.pk))

    asked = offering(district, outside)
    assert not asked.is_valid()
    assert "西镇" in asked.errors["point"][0]
    assert "is_outside" in asked.fields
    assert [*asked.fieldsets[0][1]] == ["unit", "point", "is_outside"]

    confirmed = offering(district, {**outside, "is_outside": "on"})
    assert confirmed.is_valid()
    assert "is_outside" not in confirmed.cleaned_data


def test_a_point_inside_is_not_asked_about(district: District) -> None:
    form = offering(district, sent("25.05", "100.05", unit=str(district.west.pk)))

    assert form.is_valid()
    assert "is_outside" not in form.fields


def offering(district: District, data: dict[str, object]) -> PlaceForm:
    form = PlaceForm(data)
    unit = form.fields["unit"]
    assert isinstance(unit, UnitField)
    unit.offer([district.west, district.east])
    return form


def test_a_point_is_shown_as_it_is_typed() -> None:
    field = PlaceForm(initial={"point": Point(24.88, 102.0)})["point"]

    assert 'value="24.88"' in str(field)
    assert 'value="102"' in str(field)
    assert not PointField().has_changed(Point(24.88, 102.0), ["24.88", "102"])
    assert PointField().has_changed(None, ["24.88", "102"])


def test_an_outline_has_a_corner_in_each_line_and_parts_left_out_after_empty_lines() -> None:
    text = "25, 100\n25, 100.1\n25.1，100.1\n\n25.02, 100.05\n25.02, 100.08\n25.04, 100.08"
    form = ShapeForm({"shape": text})

    assert form.is_valid(), form.errors
    found = form.cleaned_data["shape"]
    assert isinstance(found, Area)
    assert len(found.polygons[0]) == 2
    assert corners(found) == text.replace("，", ", ")
    assert not AreaField().has_changed(found, text.replace("\n", "\r\n").replace("，", ", "))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("25, 100\n25, 100.1", "three corners"),
        ("25, 100\nhere\n25, 100.1", "Line 2"),
        ("25, 100\n25.1, 100.1\n25.1, 100\n25, 100.1", "crosses itself"),
        ("25, 100\n25, 100.1\n25, 100.2", "no ground"),
        ("25, 100\n" * 501, "corners"),
        ("x" * 40_000, "characters"),
        ("25, 100\x00", "Null"),
    ],
)
def test_what_is_no_outline_is_refused_with_its_line(text: str, words: str) -> None:
    form = ShapeForm({"shape": text})

    assert words in str(form.errors)


def test_no_outline_is_none() -> None:
    form = ShapeForm({"shape": " \n "})

    assert form.is_valid()
    assert form.cleaned_data["shape"] is None
