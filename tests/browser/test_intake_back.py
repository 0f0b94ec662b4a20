"""Back loses no word of what somebody told at the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.browser.test_intake import fill
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def expect_all(page: Page) -> None:
    expect(page.locator("#id_title")).to_have_value("镇上增设晚班公交")
    expect(page.locator("#id_description")).to_have_value("末班车太早，下夜班回不了家。")
    expect(page.locator("#id_name_given")).to_have_value("欧阳不具名")
    expect(page.locator("#id_may_publish")).to_be_checked()
    expect(page.locator("[data-error-summary]")).to_have_count(0)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_back_forward_and_reload_find_every_page(open_page: OpenPage, width: str) -> None:
    town = make_unit(make_unit(name="云溪县"), name="双河镇", kind=Unit.Kind.TOWN)
    clerk = make_officer(town, Power.REPORT, name="周窗口")
    page = open_page("/desk/intake/", width=width, user=clerk)
    page.locator(".form-end .button-primary").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    fill(page, category="")
    page.locator(".form-end .button-primary").click()
    expect(page.locator(".consequences")).to_be_visible()

    page.go_back()
    expect_all(page)
    page.reload()
    expect_all(page)
    page.go_forward()
    expect(page.locator("main")).to_contain_text("欧阳不具名")
    page.reload()
    expect(page.locator(".consequences")).to_be_visible()
    page.locator("button[value=change]").click()
    expect_all(page)
    page.locator(".form-end .button-primary").click()
    page.locator("button[value=make]").click()
    expect(page.locator(".slip-code")).to_be_visible()
    page.go_back()
    expect(page.locator("main")).not_to_contain_text("欧阳不具名")
    assert_accessible(page)
    screenshot(page, f"intake-gone-{width}")

    assert Case.objects.get().title == "镇上增设晚班公交"


def test_two_tabs_are_two_forms(open_page: OpenPage) -> None:
    town = make_unit(make_unit(name="云溪县"), name="双河镇", kind=Unit.Kind.TOWN)
    one = open_page("/desk/intake/", user=make_officer(town, Power.REPORT, name="周窗口"))
    other = one.context.new_page()
    other.goto("/desk/intake/")
    for page, title in ((one, "东头的事"), (other, "西头的事")):
        fill(page, category="")
        page.locator("#id_title").fill(title)
        page.locator(".form-end .button-primary").click()
        expect(page.locator(".consequences")).to_be_visible()

    for page, title in ((one, "东头的事"), (other, "西头的事")):
        page.go_back()
        expect(page.locator("#id_title")).to_have_value(title)
        page.go_forward()
        page.locator("button[value=make]").click()
        expect(page.locator(".slip-code")).to_be_visible()

    assert list(Case.objects.order_by("pk").values_list("title", flat=True)) == [
        "东头的事",
        "西头的事",
    ]
