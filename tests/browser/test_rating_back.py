"""Back after “solved”, then “not solved”: the browser shows the old page, and both are recorded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.core.grievance import Stage
from bihuan.receipts.models import FollowUp, Rating
from tests.browser.conftest import OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.grievances.offices import bring, make_realm, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def rate(page: Page, answer: str) -> None:
    page.get_by_label(answer, exact=True).check()
    page.locator("main .button-primary").click()
    expect(page.locator("[role=status]")).to_be_visible()


@pytest.mark.parametrize("answers", [("已解决", "未解决"), ("未解决", "已解决")])
def test_what_is_said_after_back_is_recorded(open_page: OpenPage, answers: tuple[str, str]) -> None:
    page, code = open_page("/track/", width="phone"), replied()
    page.locator("#id_code").fill(code)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="评价是否解决").click()
    rate(page, answers[0])

    page.go_back()
    rate(page, answers[1])

    expect(page.locator("main")).to_contain_text("再次评价是否解决")
    screenshot(page, "rated-again")
    assert_accessible(page)
    found = Rating.objects.order_by("pk").values_list("solved", flat=True)
    assert list(found) == [answer == "已解决" for answer in answers]
    assert FollowUp.objects.get().done_at is None


def replied() -> str:
    """The code of a request that the town has answered."""
    realm, now = make_realm(), PRESENT
    taken = take(realm.town.unit, now=now)
    bring(realm.town, Stage.REPLIED, case=taken.case, now=now)
    return taken.code
