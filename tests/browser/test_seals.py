"""Two people open the seal of an accusation in a real browser, and talk with the reporter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bihuan.cases.models import Case
from bihuan.receipts.actions import public
from bihuan.receipts.models import Message
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.cases.public import WHO, Office, accused, told
from tests.clock import PRESENT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def spoken(office: Office, case: Case) -> Case:
    """Asked and answered, with something more that nobody has read."""
    now = PRESENT
    public.ask_reporter(case=case, actor=office.handler, now=now, note="收费点设在哪个路口？")
    question = Message.objects.get(case=case)
    public.add(case=case, text="农贸市场东门，每天早上。", now=now, form_key="a", question=question)
    public.add(case=case, text="今天又有人收费。", now=now, form_key="b")
    return case


@LOOKS
def test_two_people_open_an_accusation(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    case = accused(office.village, title="村干部私设收费点", is_urgent=True).case

    page = open_page(case.get_absolute_url(), width=width, language=language, user=office.clerk)
    page.locator("#who a.button").click()
    expect(page.locator("#panel textarea")).to_be_visible()
    screenshot(page, f"seal-ask-{width}-{language}")
    assert_accessible(page)
    page.locator("#panel textarea").fill("须到现场核对具体位置")
    page.locator("#panel button[type=submit]").click()

    other = open_page("/desk/", width=width, language=language, user=office.head)
    screenshot(other, f"seal-today-{width}-{language}")
    assert_accessible(other)
    other.goto(case.get_absolute_url())
    screenshot(other, f"seal-allow-{width}-{language}")
    assert_accessible(other)
    other.locator("#who form button").click()

    page.goto(case.get_absolute_url())
    page.locator("#who form button").click()
    expect(page.locator("dl.facts")).to_contain_text(WHO.name)
    screenshot(page, f"seal-opened-{width}-{language}")
    assert_accessible(page)


@LOOKS
def test_the_dialogue_and_the_mixed_ledger_are_accessible(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    case = spoken(office, told(office.town, title="集市私设收费点").case)
    told(office.town, kind="grievance", title="拖欠工资")

    page = open_page(case.get_absolute_url(), width=width, language=language, user=office.clerk)
    screenshot(page, f"dialogue-{width}-{language}")
    assert_accessible(page)
    page.goto("/desk/cases/")
    screenshot(page, f"ledger-kinds-{width}-{language}")
    assert_accessible(page)
