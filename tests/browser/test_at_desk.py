"""A code that somebody brings to a desk, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.grievances.actions import registration
from bihuan.orgs.models import Unit
from bihuan.receipts.accounts import Account, Intake
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "今年九月起，办事窗口以系统升级为由多次拖延，至今没有给出书面答复。" * 6


@LOOKS
def test_what_the_person_told_stands_below_each_other(
    open_page: OpenPage, county: Unit, width: str, language: str
) -> None:
    clerk = make_officer(county, Power.HANDLE, Power.COORDINATE, name="王办事")
    neighbour = make_officer(make_unit(county, name="南川镇"), Power.HANDLE, name="钱窗口")
    account = Account(
        title="窗口故意拖延", description=LONG, unit=county, channel=Case.Channel.VISIT
    )
    code = registration.receive(
        Intake(account=account, form_key="slip", actor=clerk, now=PRESENT)
    ).code

    page = open_page("/desk/with-code/", width=width, language=language, user=neighbour)
    page.locator("main input[name=code]").fill(code)
    page.locator("main input[name=is_present]").check()
    page.locator("main form button").first.click()

    result = page.locator("dl .told")
    expect(result).to_have_count(2)
    title, description = (each.bounding_box() for each in result.all())
    assert title is not None
    assert description is not None
    assert description["x"] == title["x"]  # below each other
    assert description["y"] >= title["y"] + title["height"]
    screenshot(page, f"at-desk-{width}-{language}")
    assert_accessible(page)
