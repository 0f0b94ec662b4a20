"""The map and the picker in a real browser: by pointer, by keyboard, on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from bihuan.sites.models import Site
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


@LOOKS
def test_the_position_of_a_site_is_chosen_by_pointer_and_by_keyboard(
    open_page: OpenPage, district: District, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/sites/new/school/", width=width, language=language, user=officer)
    point, area = page.locator("[data-picker]").nth(0), page.locator("[data-picker]").nth(1)
    expect(area.locator("[data-chart]")).to_be_visible()
    assert_accessible(page)

    point.locator("[data-chart]").click()
    expect(point.locator("input").first).to_have_value(re.compile(r"^25\.\d+$"))
    before = point.locator("input").first.input_value()
    point.locator("[data-chart]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(point.locator("input").first).not_to_have_value(before)

    box = area.locator("[data-chart]").bounding_box()
    assert box is not None
    for x, y in ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6)):
        at = {"x": box["width"] * x, "y": box["height"] * y}
        area.locator("[data-chart]").click(position=at)  # type: ignore[arg-type]
    expect(area.locator("textarea")).to_have_value(re.compile(r"^25.*\n25.*\n25.*$"))
    area.locator("[data-undo]").click()
    expect(area.locator("textarea")).to_have_value(re.compile(r"^25.*\n25.*$"))
    area.locator("[data-clear]").click()
    expect(area.locator("textarea")).to_have_value("")
    screenshot(page, f"map-picker-{width}-{language}")


def test_a_point_is_dragged_and_one_outside_the_unit_is_asked_about(
    open_page: OpenPage, district: District, officer: User
) -> None:
    page = open_page("/desk/sites/new/school/", user=officer)
    point = page.locator("[data-picker]").nth(0)
    expect(point.locator("[data-chart]")).to_be_visible()
    page.locator("input[name=name]").fill("东镇中学")
    page.select_option("select[name=unit]", str(district.east.pk))
    expect(point.locator("[data-room]")).not_to_have_attribute("aria-busy", "true")
    expect(point.locator("[data-chart]")).to_be_visible()
    point.locator("input").nth(0).fill("25.05")
    point.locator("input").nth(1).fill("100.15")
    handle = point.locator("[data-handle] circle").last
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 4, steps=5)
    page.mouse.up()
    expect(point.locator("input").nth(1)).not_to_have_value("100.15")

    point.locator("input").nth(0).fill("25.05")
    point.locator("input").nth(1).fill("100.05")
    page.locator("main form button[type=submit]").last.click()
    page.locator("input[name=is_outside]").check()
    page.locator("main form button[type=submit]").last.click()

    expect(page.locator("h1")).to_contain_text("东镇中学")
    assert Site.objects.get().point == Point(25.05, 100.05)


def test_the_map_of_the_unit_chosen_last_stays_whichever_answer_comes_first(
    open_page: OpenPage, district: District, officer: User
) -> None:
    page = open_page("/desk/sites/new/school/", user=officer)
    room = page.locator("[data-picker]").nth(0).locator("[data-room]")
    expect(room.locator("[data-chart]")).to_be_visible()
    held: list[Route] = []
    page.route(re.compile(f"unit={district.east.pk}&"), lambda route: held.append(route))
    page.select_option("select[name=unit]", str(district.east.pk))
    expect(room).to_have_attribute("aria-busy", "true")
    page.select_option("select[name=unit]", str(district.west.pk))
    expect(room).not_to_have_attribute("aria-busy", "true")
    drawn = room.inner_html()

    with page.expect_response(re.compile(f"unit={district.east.pk}&")) as response:
        for route in held:
            route.continue_()
    response.value.finished()

    assert held
    assert room.inner_html() == drawn
