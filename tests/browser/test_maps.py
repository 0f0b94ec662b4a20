"""The map and the picker in a real browser: by pointer, by keyboard, on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.factories import make_officer, make_site
from tests.maps.conftest import District, load_district

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def district(tmp_path: Path) -> District:
    return load_district(tmp_path)


@pytest.fixture
def officer(district: District) -> User:
    return make_officer(district.county, Power.COORDINATE)


@LOOKS
def test_the_map_is_accessible_and_moves(
    open_page: OpenPage, district: District, officer: User, width: str, language: str
) -> None:
    make_site(district.west, name="西镇中心小学", point=Point(25.05, 100.05))
    make_site(district.east, name="东镇幼儿园", point=Point(25.05, 100.15))
    page = open_page("/desk/maps/?layer=sites", width=width, language=language, user=officer)
    chart = page.locator("[data-chart]")
    expect(chart).to_have_attribute("data-live", "")
    assert_accessible(page)
    screenshot(page, f"map-{width}-{language}")
    whole = chart.get_attribute("viewBox")

    chart.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(chart).not_to_have_attribute("viewBox", str(whole))
    page.locator("[data-here]").click()

    expect(page).to_have_url(re.compile("at="))
    expect(page.locator("ol.rows")).to_contain_text("西镇中心小学")
    expect(page.locator("ol.rows")).not_to_contain_text("东镇幼儿园")


def test_the_whole_map_comes_back_and_a_mark_leads_to_its_page(
    open_page: OpenPage, district: District, officer: User
) -> None:
    site = make_site(district.west, name="西镇中心小学", point=Point(25.05, 100.05))
    page = open_page("/desk/maps/?layer=sites", user=officer)
    chart = page.locator("[data-chart]")
    whole = str(chart.get_attribute("viewBox"))

    page.locator("[data-zoom=in]").click()
    expect(chart).not_to_have_attribute("viewBox", whole)
    page.locator("[data-zoom=all]").click()
    expect(chart).to_have_attribute("viewBox", whole)
    page.locator("a.map-mark circle").click()

    expect(page).to_have_url(re.compile(site.get_absolute_url()))
    expect(page.locator("[data-chart]")).to_be_visible()
    screenshot(page, "map-of-a-site")
