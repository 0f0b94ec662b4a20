"""Posters are printed for the sites that an officer sees, with the deployment's own address."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from bihuan.sites import posters
from tests.factories import NOW, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit(), kind=Unit.Kind.TOWN)


@pytest.fixture
def desk(client: Client, town: Unit) -> Client:
    client.force_login(make_officer(town, Power.COORDINATE))
    return client


def read(picture: str) -> str:
    data = base64.b64decode(picture.partition(",")[2])
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(data)))
    return found.text


def test_the_code_of_a_poster_is_the_address_that_is_typed_out(
    desk: Client, town: Unit, settings: object
) -> None:
    settings.PUBLIC_URL = "https://safety.example.org"  # type: ignore[attr-defined]
    site = make_site(town, name="实验小学", address="云榆路1号")

    answer = desk.get(reverse("sites:poster", args=[site.pk]))

    (poster,) = answer.context["posters"]
    assert poster.url == f"https://safety.example.org/report/?site={site.code}"
    assert read(poster.picture) == poster.url
    shown = answer.content.decode()
    for text in ("实验小学", "云榆路1号", posters.spaced(site.code), poster.url):
        assert text in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_poster_has_both_languages_whatever_the_reader_chose(
    desk: Client, town: Unit, language: str
) -> None:
    desk.cookies["bihuan_language"] = language
    site = make_site(town)

    shown = desk.get(reverse("sites:poster", args=[site.pk])).content.decode()

    assert "看到隐患，有话要说？" in shown
    assert "Seen a danger here, or something to say?" in shown


def test_many_posters_are_printed_at_once(desk: Client, town: Unit) -> None:
    sites = [make_site(town) for _ in range(3)]
    closed = make_site(town)
    type(closed).objects.filter(pk=closed.pk).update(closed_at=NOW)
    chosen: dict[str, Any] = {"site": [each.pk for each in (*sites, closed)], "size": "a5"}

    answer = desk.get(reverse("sites:poster-sheet"), chosen)

    assert [each.name for each in answer.context["posters"]] == [each.name for each in sites]
    assert "poster-a5" in answer.content.decode()


def test_the_list_offers_sites_in_reach_only(desk: Client, town: Unit) -> None:
    make_site(town, name="本镇小学")
    make_site(make_unit(), name="外地小学")

    shown = desk.get(reverse("sites:posters")).content.decode()

    assert "本镇小学" in shown
    assert "外地小学" not in shown


def test_posters_of_others_are_not_found(desk: Client) -> None:
    site, unit = make_site(make_unit()), make_unit()

    for url in (
        reverse("sites:poster", args=[site.pk]),
        f"{reverse('sites:poster-sheet')}?site={site.pk}",
        f"{reverse('sites:poster-sheet')}?site=%00&site=x&site={'9' * 30}",
        reverse("sites:unit-poster", args=[unit.code]),
        "/desk/sites/posters/units/%00/",
    ):
        assert desk.get(url).status_code == 404, url


def test_the_poster_of_a_unit_that_is_not_for_the_public_is_not_found(
    desk: Client, town: Unit
) -> None:
    assert desk.get(reverse("sites:unit-poster", args=[town.code])).status_code == 200

    Unit.objects.filter(pk=town.pk).update(is_public=False)

    assert desk.get(reverse("sites:unit-poster", args=[town.code])).status_code == 404
