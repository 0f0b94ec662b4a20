"""Sites are on the map for those who see them, and the page of a site shows where it is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.core.shapes import Bounds
from bihuan.maps.layers import MOST
from bihuan.sites import shown
from bihuan.sites.models import Site
from tests.factories import NOW, make_case, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
HERE = Point(25.05, 100.05)
RING = [[100.04, 25.04], [100.06, 25.04], [100.06, 25.06], [100.04, 25.04]]


def test_the_layer_has_the_open_sites_that_the_officer_sees_on_this_ground() -> None:
    town = make_unit()
    officer = make_officer(town, Power.REPORT)
    inside = make_site(town, point=HERE)
    make_site(town, point=Point(25.05, 100.5))
    make_site(town, point=Point(25.5, 100.05))
    make_site(town)
    make_site(make_unit(), point=HERE)
    closed = make_site(town, point=HERE)
    Site.objects.filter(pk=closed.pk).update(closed_at=NOW)

    found = [*shown.layer(officer, Bounds(100, 25, 100.1, 25.1), NOW)]

    assert [each.key for each in found] == [inside.code]
    assert len([*shown.layer(officer, None, NOW)]) == 3


def test_the_layer_reads_no_more_than_the_map_shows(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    town = make_unit()
    officer = make_officer(town, Power.REPORT)
    one = make_site(town, point=HERE)
    Site.objects.bulk_create(
        Site(code=f"s{n}", kind="school", name="校", unit=town, registered_at=NOW,
             latitude=one.latitude, longitude=one.longitude, cell=one.cell)
        for n in range(MOST + 5)
    )  # fmt: skip

    with django_assert_max_num_queries(6):
        found = [*shown.layer(officer, Bounds(100, 25, 100.1, 25.1), NOW)]

    assert len(found) == MOST + 1


def test_the_page_of_a_site_shows_it_and_its_open_cases_that_the_officer_sees(
    client: Client,
) -> None:
    town = make_unit()
    case = make_case(town, point=Point(25.051, 100.051), title="护栏松动")
    hidden = make_case(make_unit(), point=Point(25.052, 100.052), title="看不到的")
    boundary = {"type": "Polygon", "coordinates": [RING]}
    site = make_site(town, point=HERE, boundary=boundary, cases=[case, hidden])
    client.force_login(make_officer(town, Power.REPORT))

    address = reverse("sites:map", args=[site.pk])
    page = client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert address in client.get(site.get_absolute_url()).content.decode()
    assert "<html" in page
    assert "<html" not in part
    assert 'class="map-chart"' in part
    assert f"{case.number} 护栏松动" in page
    assert "看不到的" not in page


def test_a_site_without_a_position_has_no_map(client: Client) -> None:
    town = make_unit()
    site = make_site(town, boundary={"type": "Polygon", "coordinates": [[1]]})
    client.force_login(make_officer(town, Power.REPORT))

    assert 'class="map-chart"' not in client.get(f"{site.get_absolute_url()}map/").content.decode()
    assert client.get(f"{make_site().get_absolute_url()}map/").status_code == 404
