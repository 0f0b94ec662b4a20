"""The register of data breaches in a real browser: in the first hour, on a phone, by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bihuan.breaches.models import Breach
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.breaches.register import a_breach, make_office, whole
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer
from tests.files.hostile import oracle, pdf

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


@LOOKS
def test_a_photo_and_a_document_are_attached(
    open_page: OpenPage, tmp_path: Path, width: str, language: str
) -> None:
    office = make_office()
    breach = a_breach(office, at=PRESENT)
    page = open_page(
        f"/desk/breaches/{breach.number}/", width=width, language=language, user=office.keeper
    )
    page.locator("a[href*='/desk/attach/']").click()
    assert_accessible(page)
    photo, receipt = tmp_path / "photo.jpg", tmp_path / f"{'receipt' * 12}.pdf"
    photo.write_bytes(oracle("DSCN0010.jpg"))
    receipt.write_bytes(pdf())
    page.set_input_files("[name=uploads]", [photo, receipt])
    page.fill("[name=caption]", "网信办回执")
    screenshot(page, f"attach-{width}-{language}")
    page.locator("main button[type=submit]").click()

    expect(page.locator(".attachments > li")).to_have_count(2)
    assert_accessible(page)
    screenshot(page, f"attachments-{width}-{language}")
    _look(page, f"/desk/breaches/{breach.number}/sheet/")


def _look(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
