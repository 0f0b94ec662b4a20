"""An unsent report is thrown away after one more question, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.browser.test_portal import choose_place, go_on, photo
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("width", "language"), [("desk", "zh-hans"), ("phone", "zh-hans"), ("phone", "en")]
)
def test_nothing_of_it_is_left_in_the_tab_either(
    open_page: OpenPage, width: str, language: str
) -> None:
    town = make_unit(make_unit(name="云溪县人民政府"), name="双河镇", kind=Unit.Kind.TOWN)
    make_officer(town, Power.HANDLE, Power.COORDINATE)
    page = open_page("/report/hazard/", width=width, language=language)
    page.set_input_files("input[type=file]", photo())
    go_on(page)
    choose_place(page, "双河镇")
    page.locator("#id_place").fill("双河桥头")
    screenshot(page, f"throw-offered-{width}-{language}")

    page.locator("form button[value=throw]").click()
    assert_accessible(page)
    screenshot(page, f"throw-{width}-{language}")
    page.locator("form .button-quiet").click()
    expect(page.locator("#id_place")).to_have_value("双河桥头")
    page.locator("form button[value=throw]").click()
    page.locator(".button-danger").click()

    expect(page.locator("[role=status]")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"thrown-{width}-{language}")
    assert page.evaluate("Object.keys(sessionStorage)") == []
    for _ in range(3):
        page.go_back()
        expect(page.locator("main")).not_to_contain_text("双河桥头")
