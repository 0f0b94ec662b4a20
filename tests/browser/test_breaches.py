"""The register of data breaches in a real browser: in the first hour, on a phone, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bihuan.breaches.models import Breach
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.breaches.register import a_breach, make_office, whole
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def keeper(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER, name="甲管理")


@LOOKS
def test_a_breach_is_recorded_and_remedied(
    open_page: OpenPage, keeper: User, width: str, language: str
) -> None:
    page = open_page("/desk/breaches/", width=width, language=language, user=keeper)
    assert_accessible(page)
    page.locator("main .button-primary").first.click()
    assert_accessible(page)
    page.fill("[name=how_found]", "值班电话。")
    page.fill("[name=happened]", "表格发错群。")
    page.locator("[name=kinds][value=words]").focus()
    page.keyboard.press("Space")
    page.fill("[name=people]", "40")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("XL-"))
    assert_accessible(page)
    screenshot(page, f"breach-{width}-{language}")

    page.locator(".case-acts .button-primary").click()
    page.fill("[name=remedy]", "已撤回并删除。")
    page.locator("main button[type=submit]").click()

    expect(page.locator(".timeline")).to_contain_text("已撤回并删除。")
    assert Breach.objects.get().stage == "contained"


@LOOKS
def test_the_pages_of_a_breach_are_accessible(
    open_page: OpenPage, width: str, language: str
) -> None:
    office = make_office()
    breach = whole(office, PRESENT)
    a_breach(office, at=PRESENT)
    page = open_page("/desk/", width=width, language=language, user=office.second)
    assert_accessible(page)

    for path in ("", "correct/", "state/tell/", "state/grade/", "notice/", "sheet/"):
        _look(page, f"/desk/breaches/{breach.number}/{path}")


def _look(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
