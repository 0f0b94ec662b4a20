"""Large type and dark colours fit a phone and can be read, for the public and for officers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bihuan.orgs.models import User
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.factories import Cast, make_case, make_cast, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer() -> User:
    cast: Cast = make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))
    for number in range(3):
        make_case(cast.post.unit, title=f"第{number}处安全出口被病床和杂物堵塞，夜间无人值守")
    return cast.coordinator


@pytest.mark.parametrize("path", ["/", "/report/", "/where/", "/track/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_fit_a_phone_in_large_type(
    open_page: OpenPage, path: str, language: str
) -> None:
    page = open_page(path, width="phone", language=language)
    before = page.evaluate("getComputedStyle(document.body).fontSize")

    page.locator(".type-size").click()

    expect(page.locator("html")).to_have_class("large")
    page.wait_for_load_state()
    assert page.url.endswith(path)
    after = page.evaluate("getComputedStyle(document.body).fontSize")
    assert float(after[:-2]) == pytest.approx(float(before[:-2]) * 1.25)
    assert_accessible(page)


@pytest.mark.parametrize("path", ["/desk/", "/desk/cases/", "/desk/account/"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_pages_of_officers_fit_in_large_type(
    open_page: OpenPage, officer: User, path: str, width: str
) -> None:
    page = open_page("/desk/account/?look=large", width=width, language="en", user=officer)

    page.goto(path)

    expect(page.locator("html")).to_have_class("large js")
    assert_accessible(page)


def test_a_dark_page_has_its_colours_on_the_screen_only(open_page: OpenPage, officer: User) -> None:
    page = open_page("/desk/cases/?look=dark", user=officer)
    ground = "getComputedStyle(document.body).backgroundColor"
    screenshot(page, "ledger-dark")

    assert page.evaluate(ground) == "rgb(20, 25, 28)"
    assert_accessible(page)

    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
