"""The ledger in a browser: filters on a phone, a view saved in place, widths of columns."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import SavedView
from bihuan.orgs.models import User
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.factories import make_case, make_cast, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer() -> User:
    cast = make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))
    make_case(cast.post.unit, title="安全出口被堵")
    return cast.coordinator


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_filters_take_one_line_of_a_phone_until_they_are_opened(
    open_page: OpenPage, officer: User, language: str
) -> None:
    page = open_page(
        "/desk/cases/?kind=hazard&due=this-week", width="phone", language=language, user=officer
    )
    toolbar = page.locator(".toolbar")

    assert (box := toolbar.bounding_box())
    assert box["height"] < 60
    expect(page.locator("label[for=show-filters] .count")).to_have_text("2")
    page.locator("label[for=show-filters]").click()

    expect(page.locator("select[name=kind]")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"ledger-filters-{language}")


def test_filters_open_by_the_keyboard(open_page: OpenPage, officer: User) -> None:
    page = open_page("/desk/cases/", width="phone", user=officer)

    page.locator("#show-filters").focus()
    page.keyboard.press("Space")

    expect(page.locator("select[name=kind]")).to_be_visible()


def test_a_view_is_saved_in_place(open_page: OpenPage, officer: User) -> None:
    page = open_page("/desk/cases/?kind=hazard", user=officer)

    page.get_by_role("link", name="保存此视图").click()
    expect(page.locator("#save-view")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="取消").click()
    expect(page.locator("#save-view")).to_be_hidden()
    page.get_by_role("link", name="保存此视图").click()
    page.fill("#id_view_name", "隐患")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="隐患", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    assert SavedView.objects.get().query == "kind=hazard"


def test_widths_of_columns_are_kept_until_they_are_reset(
    open_page: OpenPage, officer: User
) -> None:
    page = open_page("/desk/cases/", user=officer)
    before = _width(page)

    handle = page.locator("th[data-column=place] .width-handle")
    handle.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert _width(page) > before + 40
    assert_accessible(page)
    page.reload()
    assert _width(page) > before + 40

    page.locator("[data-reset-widths]").click()
    assert _width(page) == before
    page.reload()
    expect(page.locator("[data-reset-widths]")).to_be_hidden()


def _width(page: Page) -> float:
    box = page.locator("th[data-column=place]").bounding_box()
    assert box
    return box["width"]


@pytest.mark.parametrize("path", ["/desk/", "/desk/account/", "/desk/cases/"])
def test_the_slash_leads_to_a_search_on_every_page(
    open_page: OpenPage, officer: User, path: str
) -> None:
    page = open_page(path, user=officer)

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.type") == "search"
