"""Two officers dispose of cases on their pages; the person with the code is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.core.hazard import RejectReason
from bihuan.hazards.actions import reporting
from bihuan.retention.actions import disposals, holds
from bihuan.retention.models import Disposal
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.cases.public import told
from tests.clock import StoppedClock
from tests.factories import NOW
from tests.retention.scene import GRACE, LATER, Scene, rejected_hazard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _ended_cases(scene: Scene) -> str:
    """Three that need not be kept, one that is held, and the code of one of the three."""
    cases = [rejected_hazard(scene) for _ in range(3)]
    taken = told(scene.unit, now=NOW)
    reporting.reject(
        case=taken.case,
        actor=scene.office.clerk,
        now=NOW,
        reason=RejectReason.NOT_A_HAZARD,
        note="不是隐患。",
    )
    holds.hold_case(case=cases[0], reason="涉诉，县法院来函", actor=scene.proposer, now=NOW)
    return taken.code


@LOOKS
def test_two_officers_dispose_of_cases(
    open_page: OpenPage, clock: StoppedClock, width: str, language: str
) -> None:
    scene, look = Scene(), {"width": width, "language": language}
    code = _ended_cases(scene)
    clock.at = LATER

    page = open_page("/desk/retention/", user=scene.proposer, **look)
    assert_accessible(page)
    screenshot(page, f"retention-due-{width}-{language}")
    page.locator("section[aria-labelledby=due] a.button").click()
    page.locator("textarea").fill("经鉴定，无继续保存价值。")
    assert_accessible(page)
    screenshot(page, f"retention-propose-{width}-{language}")
    page.locator("main button[type=submit]").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert_accessible(page)
    screenshot(page, f"retention-list-{width}-{language}")

    row = Disposal.objects.get()
    page = open_page(f"/desk/retention/lists/{row.pk}/", user=scene.confirmer, **look)
    page.locator(".page-head .button-primary").click()
    assert_accessible(page)
    screenshot(page, f"retention-confirm-{width}-{language}")
    page.locator("main button[type=submit]").click()
    assert_accessible(page)
    screenshot(page, f"retention-confirmed-{width}-{language}")

    disposals.carry_out(now=LATER + GRACE)
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert_accessible(page)
    screenshot(page, f"retention-done-{width}-{language}")

    _told_with_the_code(open_page("/track/", **look), code, width, language)


def _told_with_the_code(page: Page, code: str, width: str, language: str) -> None:
    page.locator("input[name=code]").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(
        "这件事项已不再保管" if language == "zh-hans" else "This report is no longer kept"
    )
    assert_accessible(page)
    screenshot(page, f"retention-code-{width}-{language}")
    page.goto("/privacy/")
    assert_accessible(page)
    screenshot(page, f"retention-notice-{width}-{language}")
