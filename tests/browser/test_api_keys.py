"""An administrator makes a key for another system, sees it once, and ends it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bihuan.api.actions import keys
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = "/desk/api-keys/"


@pytest.fixture
def administrator() -> User:
    county = make_unit(name="云溪县")
    make_unit(county, name="双河镇")
    return make_officer(county, Power.ADMINISTER, name="管理员")


@pytest.mark.parametrize(("width", "language"), [("desk", "en"), ("phone", "zh-hans")])
def test_a_key_is_made_shown_once_and_ended(
    open_page: OpenPage, administrator: User, width: str, language: str
) -> None:
    page = open_page(PAGES, width=width, language=language, user=administrator)
    assert_accessible(page)
    screenshot(page, f"api-keys-empty-{width}-{language}")

    page.locator(".page-head .button-primary").click()
    page.get_by_label("名称" if language == "zh-hans" else "Name").fill("市民服务应用")
    page.locator("select[name=unit]").select_option(index=2)
    assert_accessible(page)
    screenshot(page, f"api-keys-make-{width}-{language}")
    page.locator("main button[type=submit]").click()
    text = page.locator("dd code").first.inner_text()
    assert len(text) == 43
    assert_accessible(page)
    screenshot(page, f"api-keys-once-{width}-{language}")

    page.locator(".page .button-primary").click()
    expect(page.locator("dd code")).to_have_count(0)
    keys.known(text, PRESENT)
    page.reload()
    expect(page.locator("table")).to_contain_text("市民服务应用")
    assert_accessible(page)
    screenshot(page, f"api-keys-{width}-{language}")

    page.locator("table a[href$='/end/']").click()
    page.locator("input[name=reason]").fill("系统已下线")
    assert_accessible(page)
    screenshot(page, f"api-keys-end-{width}-{language}")
    page.locator("main button[type=submit]").click()
    expect(page.locator("table a[href$='/end/']")).to_have_count(0)
    assert_accessible(page)
