"""Asking by code that something be erased or corrected, deciding it, and reading the answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case, Evidence
from bihuan.files import actions as files
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import public
from bihuan.receipts.models import Amendment, Message
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.cases.public import Office, told
from tests.clock import PRESENT
from tests.factories import make_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "/track/case/kept/"


def see(page: Page, name: str) -> None:
    screenshot(page, name)
    assert_accessible(page)


def press(page: Page) -> None:
    page.locator("main form button.button-primary, main form button.button-danger").click()


def asks(page: Page, act: str, look: str, **text: str) -> None:
    page.goto(KEPT)
    page.locator(f"a[href='/track/case/{act}/']").click()
    for name, words in text.items():
        page.locator(f"#id_{name}").fill(words)
    if act.startswith("correct") or "photo" in act:
        see(page, f"amend-{act.partition('-')[0]}-{look}")
    press(page)
    expect(page.locator("[role=status]")).to_be_visible()


def decides(desk: Page, case: Case, given: Amendment, look: str) -> None:
    """Grants it, but for the description, whose refusal lacks its reason first."""
    desk.goto(f"{case.get_absolute_url()}amendments/{given.pk}/")
    see(desk, f"amend-decide-{given.wants}-{given.thing.partition('-')[0]}-{look}")
    refused = given.thing == "description"
    desk.locator(f"input[name=outcome][value={'refused' if refused else 'granted'}]").check()
    if refused:
        press(desk)
        see(desk, f"amend-lacking-{look}")
        desk.locator("#id_answer").fill("办理此事仍需要知道现场情况。")
        desk.locator("#id_basis").select_option("needed")
    else:
        desk.locator("#id_is_sure").check()
    press(desk)
    desk.wait_for_url(f"**{case.get_absolute_url()}")


@pytest.fixture
def taken(office: Office) -> IntakeResult:
    """A report that names somebody, with a photo and something that was added."""
    taken = told(
        office.town, kind="grievance", title="三楼丁小明家门口堆货", description="晚上看不见路。"
    )
    text, photo = "他家孩子在实验小学上学。", files.check(make_photo())
    public.add(case=taken.case, text=text, now=PRESENT, form_key="a", photos=[photo])
    return taken


@LOOKS
def test_what_one_told_is_erased_corrected_or_kept(
    open_page: OpenPage, office: Office, taken: IntakeResult, width: str, language: str
) -> None:
    look, case = f"{width}-{language}", taken.case
    person = open_page("/track/", width=width, language=language)
    person.locator("#id_code").fill(taken.code)
    person.keyboard.press("Enter")
    person.wait_for_url("**/track/case/")
    asks(person, "correct-title", look, text="三楼门口堆货", note="不该写名字")
    asks(person, f"erase-photo-{Evidence.objects.get().pk}", look)
    asks(person, f"erase-message-{Message.objects.get().pk}", look, note="与此事无关")
    asks(person, "erase-description", look)
    see(person, f"amend-asked-{look}")

    desk = open_page("/desk/", width=width, language=language, user=office.head)
    see(desk, f"amend-today-{look}")
    desk.goto(case.get_absolute_url())
    see(desk, f"amend-case-{look}")
    for given in Amendment.objects.order_by("pk"):
        decides(desk, case, given, look)
    see(desk, f"amend-decided-{look}")

    person.goto(KEPT)
    see(person, f"amend-answered-{look}")
    for gone in ("丁小明", "实验小学"):
        expect(person.locator("main")).not_to_contain_text(gone)
        expect(desk.locator("main")).not_to_contain_text(gone)
    assert Case.objects.get().title == "三楼门口堆货"
