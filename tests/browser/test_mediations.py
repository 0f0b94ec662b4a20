"""A mediation in a real browser: the office, the slip, and a party with its own code."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.core.mediation import Move, Stage
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.mediations.table import (
    B,
    Office,
    agreed,
    announced,
    begun,
    brought,
    drafted,
    make_office,
    named,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    return make_office(PRESENT)


def _code_from_slip(open_page: OpenPage, office: Office, case: Case) -> str:
    """Print the invitation of the other side, as the office does, and take its code."""
    url = reverse("mediations:mediation-invitation", args=[case.number, B])
    page = open_page(url, user=office.mediator)
    assert_accessible(page)
    page.locator("main button[type=submit]").click()
    assert_accessible(page)
    screenshot(page, "mediation-invitation")
    return page.locator(".code").inner_text()


def _enter(page: Page, code: str) -> None:
    page.locator("main input[name=code]").fill(code)
    page.locator("main form button").first.click()
    own = page.locator(".code").inner_text()
    assert own != code
    assert_accessible(page)
    screenshot(page, "track-renew-phone-zh")
    page.locator("main input[name=last]").fill(own[-4:])
    page.locator("main form button").first.click()
    expect(page.locator("#mediation")).to_be_visible()


def test_a_party_says_yes_and_no_with_the_code_from_its_slip(
    open_page: OpenPage, office: Office
) -> None:
    case = named(office)
    code = _code_from_slip(open_page, office, case)

    page = open_page("/track/", width="phone")
    _enter(page, code)
    assert_accessible(page)
    screenshot(page, "mediation-party-phone-zh")
    _act(page, "我同意调解")
    assert case.mediation.parties.get(slot=B).consents is True
    _act(page, "我不同意调解", sure=True)

    case.refresh_from_db()
    assert case.stage == Stage.DECLINED
    expect(page.locator("main")).to_contain_text("12348")
    screenshot(page, "mediation-party-declined-phone-zh")


def _act(page: Page, label: str, *, sure: bool = False) -> None:
    page.locator("summary", has_text=re.compile(f"^{label}$")).click()
    move = page.locator("details[open].party-move")
    if sure:
        move.locator("input[type=checkbox]").check()
    move.locator("button[type=submit]").click()
    expect(page.locator("#mediation")).to_be_visible()


@LOOKS
def test_the_pages_of_the_office_can_be_read(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    look = f"{width}-{language[:2]}"
    case = begun(office)
    announced(office, case, PRESENT + timedelta(days=2))
    drafted(office, case)
    done = agreed(office)
    fresh = brought(office).case
    pages = {
        "today": reverse("desk:today"),
        "case": case.get_absolute_url(),
        "agreed": done.get_absolute_url(),
        "fresh": fresh.get_absolute_url(),
        "record": reverse("mediations:mediation-record", args=[done.number]),
        "agreement": reverse("mediations:mediation-agreement", args=[case.number]),
        "sheet": reverse("desk:sheet", args=[done.number]),
        "follow-up": reverse("desk:move", args=[done.number, Move.NOTE_PERFORMANCE]),
        "add-party": reverse("desk:move", args=[fresh.number, Move.ADD_PARTY]),
    }

    for name, url in pages.items():
        page = open_page(url, user=office.mediator, width=width, language=language)
        screenshot(page, f"mediation-{name}-{look}")
        assert_accessible(page)


@LOOKS
def test_the_text_is_drafted_on_a_form_that_can_be_read(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    case = begun(office)

    url = reverse("desk:move", args=[case.number, Move.DRAFT])
    page = open_page(url, user=office.mediator, width=width, language=language)

    screenshot(page, f"mediation-draft-{width}-{language[:2]}")
    assert_accessible(page)


def test_rows_for_obligations_appear_as_they_are_needed(
    open_page: OpenPage, office: Office
) -> None:
    case = begun(office)
    page = open_page(f"{case.get_absolute_url()}draft/", user=office.mediator)
    expect(page.locator("[name=what_1]")).to_be_visible()
    expect(page.locator("[name=what_2]")).to_be_hidden()

    page.get_by_role("button", name="增加一项义务").click()

    expect(page.locator("[name=what_2]")).to_be_focused()
    expect(page.locator("[name=due_2]")).to_be_visible()
    expect(page.locator("[name=what_3]")).to_be_hidden()
    screenshot(page, "mediation-obligations")
