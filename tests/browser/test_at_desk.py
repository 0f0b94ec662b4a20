"""A code that somebody brings to a desk, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.grievances.actions import registration
from bihuan.orgs.models import Unit, User
from bihuan.receipts.accounts import Account, Intake
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "今年九月起，办事窗口以系统升级为由多次拖延，至今没有给出书面答复。" * 6


def slip(unit: Unit, clerk: User, title: str) -> str:
    account = Account(title=title, description=LONG, unit=unit, channel=Case.Channel.VISIT)
    intake = Intake(account=account, form_key=title, actor=clerk, now=PRESENT)
    return registration.receive(intake).code


def enter(page: Page, code: str) -> None:
    page.goto("/desk/with-code/")
    expect(page.locator("main input[name=code]")).to_have_value("")
    page.locator("main input[name=code]").fill(code)
    page.locator("main input[name=is_present]").check()
    page.locator("main form button").first.click()


def test_nothing_typed_for_one_person_is_left_for_the_next(
    open_page: OpenPage, county: Unit
) -> None:
    clerk = make_officer(county, Power.HANDLE, Power.COORDINATE, name="王办事")
    codes = [slip(county, clerk, title) for title in ("甲的事", "乙的事")]
    page = open_page("/desk/with-code/", user=clerk)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("main input[name=code]").fill(codes[0])
    enter(page, codes[0])
    page.goto("/desk/with-code/case/add/")
    page.locator("main textarea").first.fill("镇长收了我家的钱")
    page.goto("/desk/with-code/case/")
    stored = page.evaluate("JSON.stringify(sessionStorage)")
    assert "镇长" not in stored
    assert codes[0] not in stored
    # Of an earlier version of the page; what is written about other work stays.
    page.evaluate(
        """() => ["/desk/with-code/case/add/", "/desk/hazards/report/"].forEach((path) =>
          sessionStorage.setItem(`bihuan-draft:${path}||`, JSON.stringify(
            { who: document.body.dataset.who, values: { text: ["镇长"] }, sent: false })))"""
    )

    page.locator("[data-ends-drafts] button").click()
    expect(page.locator("main input[name=code]")).to_be_visible()

    kept = [each for each in page.evaluate("Object.keys(sessionStorage)") if "draft" in each]
    assert kept == ["bihuan-draft:/desk/hazards/report/||"]
    enter(page, codes[1])
    page.goto("/desk/with-code/case/add/")
    expect(page.locator("main textarea").first).to_have_value("")


def test_what_a_person_says_at_intake_is_not_kept_for_the_next(
    open_page: OpenPage, county: Unit
) -> None:
    page = open_page("/desk/intake/", user=make_officer(county, Power.REPORT, name="王办事"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#id_description").fill("镇长收了我家的钱")

    page.goto("/desk/intake/")

    assert "镇长" not in page.evaluate("JSON.stringify(sessionStorage)")


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
