"""The way in and out, in a real browser: it can be read, reached by keyboard, and fits a phone."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from bihuan.core.powers import Power
from bihuan.orgs.models import SignIn, User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.factories import PASSWORD, make_officer, make_unit

pytestmark = pytest.mark.browser

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def _sign_in(page: Page, user: User) -> None:
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def _sign_out(page: Page) -> None:
    page.click("summary:has(.menu-name)")
    page.click("form[action='/sign-out/'] button")


@LOOKS
@pytest.mark.parametrize("path", ["/", "/sign-in/"])
def test_a_strangers_page_is_accessible(
    open_page: OpenPage, path: str, width: str, language: str
) -> None:
    page = open_page(path, width=width, language=language)

    screenshot(page, f"{path.strip('/') or 'front'}-{width}-{language}")
    assert_accessible(page)


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.django_db(transaction=True)
def test_whoever_signs_out_is_signed_out(open_page: OpenPage, width: str) -> None:
    user = make_officer(make_unit(), Power.REPORT)
    page = open_page("/desk/", width=width)
    _sign_in(page, user)
    expect(page).to_have_url(re.compile("/desk/$"))

    _sign_out(page)

    expect(page).to_have_url(re.compile("/sign-in/$"))
    assert not SignIn.objects.filter(user=user).exists()
    page.goto("/desk/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/desk/$"))


@pytest.mark.django_db(transaction=True)
def test_an_idle_session_is_sent_to_sign_in_and_signs_in_again(open_page: OpenPage) -> None:
    user = make_officer(make_unit(), Power.REPORT)
    page = open_page("/desk/account/", user=user)
    SignIn.objects.filter(user=user).update(seen_at=LONG_AGO)

    page.reload()

    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/desk/account/$"))
    expect(page.locator(".message")).to_be_visible()
    assert_accessible(page)
    _sign_in(page, user)
    expect(page).to_have_url(re.compile("/desk/account/$"))
