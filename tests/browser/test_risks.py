"""Risks in a real browser: at both widths, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bihuan.risks.models import RiskPoint
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.risks.register import a_control, a_risk, make_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EARLIER = PRESENT - timedelta(days=40)


@LOOKS
def test_a_risk_is_registered_and_graded(open_page: OpenPage, width: str, language: str) -> None:
    town = make_town()
    page = open_page(
        f"/desk/sites/{town.site.pk}/risks/add/",
        width=width, language=language, user=town.coordinator,
    )  # fmt: skip
    assert_accessible(page)
    page.fill("[name=title]", "锅炉房")
    page.fill("[name=harm]", "超压，可能爆炸。")
    page.check("[name=likelihood][value='5']")
    page.check("[name=consequence][value='5']")
    page.locator("main form[method=post] button[type=submit]").click()

    expect(page.locator(".marks .risk-red")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"risk-{width}-{language}")
    assert RiskPoint.objects.get().colour == "red"


@LOOKS
def test_the_pages_of_risks_are_accessible(open_page: OpenPage, width: str, language: str) -> None:
    town = make_town()
    risk = a_risk(town, now=EARLIER)
    control = a_control(town, risk, now=EARLIER)
    page = open_page("/desk/risks/", width=width, language=language, user=town.coordinator)
    assert_accessible(page)

    for path in (
        "by-unit/", "print/", f"{risk.pk}/", f"{risk.pk}/regrade/", f"{risk.pk}/retire/",
        f"{risk.pk}/controls/add/", f"controls/{control.pk}/check/",
    ):  # fmt: skip
        page.goto(page.url.split("/desk/")[0] + f"/desk/risks/{path}")
        page.wait_for_load_state()
        assert_accessible(page)
