"""The second factor in a real browser: a code app, and passkeys of Chromium's own authenticator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from bihuan.core.powers import Power
from bihuan.factors.models import Passkey
from bihuan.orgs.models import SignIn, User
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import PASSWORD, make_officer, make_unit
from tests.factors.devices import Phone, give_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = "/desk/account/second-factor/"
LOOKS = [("desk", "en"), ("phone", "zh-hans")]


@pytest.fixture
def user() -> User:
    return make_officer(make_unit(name="云溪县"), Power.ADMINISTER, name="钱管理")


@contextmanager
def authenticator(page: Page) -> Iterator[Any]:
    """A passkey that Chromium itself plays."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session, made["authenticatorId"]
    session.send("WebAuthn.disable")


def by_name(page: Page, path: str) -> None:
    """The same server by a name, because an address of numbers has no passkeys."""
    port = page.url.split(":")[2].split("/")[0]
    page.goto(f"http://localhost:{port}{path}")


def first_step(page: Page, user: User) -> None:
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    # Whole, with its scripts: a form of passkeys that is sent before has no passkey in it.
    page.wait_for_url(re.compile(r"^(?!.*/sign-in/(\?|$))"), wait_until="load")


def key_on(page: Page) -> Phone:
    return Phone.with_key(page.locator("ol code").inner_text())


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_a_code_app_is_set_up_and_used(
    open_page: OpenPage, user: User, width: str, language: str
) -> None:
    page = open_page(OWN, user=user, width=width, language=language)
    assert_accessible(page)
    page.click(f"a[href='{OWN}app/']")
    assert_accessible(page)
    screenshot(page, f"factor-app-{width}-{language}")
    page.fill("input[name=code]", key_on(page).code(PRESENT))
    page.fill("input[name=proof]", PASSWORD)
    page.press("input[name=proof]", "Enter")
    expect(page.locator(".paper-codes code")).to_have_count(10)
    assert_accessible(page)
    screenshot(page, f"factor-codes-{width}-{language}")
    code = page.locator(".paper-codes code").first.inner_text()
    page.click(".actions .button-primary")
    expect(page).to_have_url(re.compile(f"{OWN}$"))

    page = open_page("/sign-in/", width=width, language=language)
    first_step(page, user)
    expect(page).to_have_url(re.compile("/sign-in/second-step/$"))
    assert_accessible(page)
    screenshot(page, f"factor-step-{width}-{language}")
    page.fill("input[name=code]", "wrong")
    page.press("input[name=code]", "Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()
    assert_accessible(page)
    page.fill("input[name=code]", code)
    page.press("input[name=code]", "Enter")
    expect(page).to_have_url(re.compile("/desk/$"))


def test_a_passkey_is_made_and_signs_in(open_page: OpenPage, user: User) -> None:
    page = open_page("/sign-in/", language="en")
    by_name(page, f"/sign-in/?next={OWN}passkeys/add/")
    with authenticator(page):
        first_step(page, user)
        assert_accessible(page)
        page.fill("input[name=name]", "Blue key")
        page.fill("input[name=proof]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".paper-codes code")).to_have_count(10)
        passkey = Passkey.objects.get(member=user)
        assert (passkey.name, passkey.host) == ("Blue key", "localhost")

        page.context.clear_cookies()
        by_name(page, "/sign-in/")
        first_step(page, user)
        expect(page).to_have_url(re.compile("/sign-in/second-step/$"))
        assert_accessible(page)
        page.locator("form[data-passkey] button").focus()
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile("/desk/$"))
    assert Passkey.objects.get(member=user).uses > passkey.uses
    assert SignIn.objects.filter(user=user).exists()


def test_a_passkey_of_somebody_else_does_not_answer(open_page: OpenPage, user: User) -> None:
    page = open_page("/sign-in/", language="en")
    by_name(page, f"/sign-in/?next={OWN}passkeys/add/")
    with authenticator(page) as (session, number):
        first_step(page, user)
        page.fill("input[name=name]", "Blue key")
        page.fill("input[name=proof]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".paper-codes code")).to_have_count(10)
        session.send("WebAuthn.clearCredentials", {"authenticatorId": number})

        page.context.clear_cookies()
        by_name(page, "/sign-in/")
        first_step(page, user)
        page.click("form[data-passkey] button")

        expect(page.locator("[data-said]")).not_to_be_empty()
        assert_accessible(page)
        expect(page).to_have_url(re.compile("/sign-in/second-step/$"))


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_whoever_needs_a_factor_sets_it_up_on_the_way_in(
    open_page: OpenPage, user: User, settings: Settings, width: str, language: str
) -> None:
    settings.SECOND_FACTOR = ["administer"]
    page = open_page("/sign-in/", width=width, language=language)
    by_name(page, "/sign-in/?next=/desk/account/")
    first_step(page, user)
    expect(page).to_have_url(re.compile("/sign-in/set-up/$"))
    assert_accessible(page)
    screenshot(page, f"factor-set-up-{width}-{language}")
    with authenticator(page):
        page.fill("input[name=name]", "手机")
        page.click("form[data-passkey] button")
        expect(page.locator(".paper-codes code")).to_have_count(10)
    page.click(".actions .button-primary")

    expect(page).to_have_url(re.compile("/desk/account/$"))


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_pages_about_a_lost_factor_are_accessible(
    open_page: OpenPage, user: User, width: str, language: str
) -> None:
    give_app(user)
    first, second = (make_officer(user.tenures.get().post.unit, Power.ADMINISTER) for _ in "12")
    at = f"/desk/organisation/members/{user.username}/second-factor/"

    page = open_page(f"{at}lost/", user=first, width=width, language=language)
    assert_accessible(page)
    page.fill("[name=reason]", "手机丢失，已当面核实。")
    page.click("main button[type=submit]")
    expect(page).to_have_url(re.compile(f"{at}$"))
    page = open_page(at, user=second, width=width, language=language)
    assert_accessible(page)
    screenshot(page, f"factor-lost-{width}-{language}")
    page = open_page(OWN, user=user, width=width, language=language)
    assert_accessible(page)
