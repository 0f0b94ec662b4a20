"""The map and the list beside it show the same, bounded, and only what the officer may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bihuan.core.places import Point
from bihuan.core.shapes import Bounds
from bihuan.maps import layers
from bihuan.maps.layers import MOST, Feature
from bihuan.orgs.models import User
from tests.factories import make_officer, make_unit
from tests.maps.conftest import District

pytestmark = pytest.mark.django_db
MAP = "/desk/maps/"


@pytest.fixture
def wells(monkeypatch: pytest.MonkeyPatch) -> list[Feature]:
    """A layer that only the tests have."""
    west, east = Point(25.05, 100.05), Point(25.05, 100.15)
    found = [Feature("a", "甲井", west), Feature("b", "<乙井>", east)]

    def wells(user: User, bounds: Bounds | None, now: datetime) -> Iterator[Feature]:
        for each in found:
            if bounds is None or bounds.contains(each.middle):
                yield each

    monkeypatch.setitem(layers._layers, "wells", layers.Layer("wells", "水井", wells, order=1))
    return found


def test_the_list_has_what_the_map_has(
    client: Client, district: District, wells: list[Feature]
) -> None:
    client.force_login(district.officer)

    page = client.get(MAP).content.decode()

    assert page.count("甲井") == 2
    assert "&lt;乙井&gt;" in page
    assert "<乙井>" not in page
    assert "西镇" in page


def test_a_unit_or_a_piece_of_ground_limits_both(
    client: Client, district: District, wells: list[Feature]
) -> None:
    client.force_login(district.officer)

    of_unit = client.get(MAP, {"unit": str(district.west.pk), "layer": "wells"})
    of_ground = client.get(MAP, {"at": "100.11,25,100.19,25.1", "layer": "wells"})

    assert [mark.feature.key for _, mark in of_unit.context["marks"]] == ["a"]
    assert [mark.feature.key for _, mark in of_ground.context["marks"]] == ["b"]
    assert of_ground.context["whole"] == f"{MAP}?layer=wells"


def test_a_layer_shows_a_limited_number_and_says_so(
    client: Client, district: District, wells: list[Feature]
) -> None:
    wells[:] = [Feature(str(n), f"井{n}", Point(25.05, 100.05)) for n in range(MOST + 5)]
    client.force_login(district.officer)

    found = client.get(MAP, {"layer": "wells", "page": "2"})

    assert len(found.context["map"].marks) == MOST
    assert found.context["map"].layers[0].has_more
    assert [mark.number for _, mark in found.context["marks"]] == list(range(21, 41))
    assert "水井" in found.content.decode()


def test_layers_with_powers_are_offered_to_their_holders(
    client: Client, district: District, wells: list[Feature], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bihuan.core.powers import Power

    shown = layers._layers["wells"]
    closed = layers.Layer("wells", "水井", shown.features, powers=frozenset({Power.AUDIT}))
    monkeypatch.setitem(layers._layers, "wells", closed)
    client.force_login(district.officer)

    page = client.get(MAP, {"layer": "wells"}).content.decode()

    assert "井" not in page


def test_without_boundaries_the_ground_is_that_of_what_is_shown(
    client: Client, wells: list[Feature]
) -> None:
    client.force_login(make_officer(make_unit()))

    found = client.get(MAP)

    assert len(found.context["map"].marks) == 2


def test_without_anything_to_draw_the_page_says_how_boundaries_come(client: Client) -> None:
    client.force_login(make_officer(make_unit()))

    page = client.get(MAP).content.decode()

    assert "load-boundaries" in page
    assert '<svg class="map-chart"' not in page


@pytest.mark.parametrize(
    "query",
    [
        {"at": "1,2,3"},
        {"at": "nan,nan,nan,nan"},
        {"at": "5,5,4,4"},
        {"at": "-999,0,999,1"},
        {"at": "x" * 5000},
        {"at": "100,25,100.1,25.1,"},
        {"unit": "9" * 400},
        {"unit": "-1"},
        {"unit": "0"},
        {"layer": "<b>"},
        {"page": "99999999"},
        {"page": "500"},
        {"at": "%00"},
    ],
)
def test_an_address_that_makes_no_sense_shows_the_map(
    client: Client, district: District, query: dict[str, str]
) -> None:
    client.force_login(district.officer)

    assert client.get(MAP, query).status_code == 200
    assert client.get(f"{MAP}outline/", query).status_code == 200


def test_the_page_makes_the_same_number_of_queries_whatever_the_rows(
    client: Client,
    district: District,
    wells: list[Feature],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(district.officer)
    client.get(MAP)
    wells[:] = [Feature(str(n), f"井{n}", Point(25.05, 100.05)) for n in range(300)]

    with django_assert_max_num_queries(16):
        client.get(MAP, {"unit": str(district.west.pk)})


def test_a_field_gets_the_map_of_its_unit_or_of_the_ground_around_a_point(
    client: Client, district: District
) -> None:
    client.force_login(district.officer)

    near = client.get(f"{MAP}outline/", {"unit": str(district.west.pk)})
    of_unit = near.context["map"].chart.bounds
    far = client.get(f"{MAP}outline/", {"unit": str(district.west.pk), "at": "26,101"})

    assert of_unit.contains(Point(25.05, 100.05))
    assert not of_unit.contains(Point(25.05, 100.19))
    assert far.context["map"].chart.bounds.contains(Point(26, 101))


def test_without_boundaries_a_field_has_a_map_only_around_a_point(client: Client) -> None:
    client.force_login(make_officer(make_unit()))

    assert client.get(f"{MAP}outline/").context["map"] is None
    assert client.get(f"{MAP}outline/", {"at": "25,100"}).context["map"] is not None


def test_the_map_is_for_officers(client: Client) -> None:
    assert client.get(MAP).status_code == 302
    assert client.get(f"{MAP}outline/").status_code == 302
