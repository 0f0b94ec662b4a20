"""A major hazard, from the proposal to the lifted order, by those who may and no one else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.hazards.models import Judgement, Order
from bihuan.orgs.models import User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_unit
from tests.hazards.test_pages_majors import finished

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    county = make_unit(name="云溪县")
    return make_cast(make_unit(county, name="双河镇"))


def act(open_page: OpenPage, case: Case, user: User, move: str, **given: str) -> Page:
    """Fill in the form of a move, send it, and come to the page of the case."""
    page = open_page(f"/desk/cases/{case.number}/{move}/", user=user)
    for name, value in given.items():
        field = page.locator(f"main [name={name}]").first
        if field.get_attribute("type") == "radio":
            page.locator(f"main [name={name}][value={value}]").check()
        else:
            field.fill(value)
    page.locator("main form .form-end button").last.click()
    page.wait_for_url(f"**/{case.number}/")
    return page


def may_not(open_page: OpenPage, case: Case, user: User, move: str) -> None:
    """The page of the case has no link to the move for this officer, and its own page refuses."""
    page = open_page(f"/desk/cases/{case.number}/", user=user)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(f"a[href*='/{case.number}/{move}/']")).to_have_count(0)
    answer = page.goto(f"/desk/cases/{case.number}/{move}/")
    assert answer is not None
    refused = answer.status in (403, 404) or not page.locator("main form .form-end button").count()
    assert refused, (user, move)


def test_a_major_hazard_from_the_proposal_to_the_lifted_order(
    open_page: OpenPage, cast: Cast
) -> None:
    unit = cast.post.unit
    case = make_case(
        unit, stage=Stage.REPORTED, cast=cast, now=PRESENT, title="宿舍安全出口数量不足"
    )
    for user in (cast.handler, cast.reporter, cast.verifier):
        may_not(open_page, case, user, "confirm")
    page = open_page(f"/desk/cases/{case.number}/confirm/", user=cast.coordinator)
    expect(page.locator("main")).to_contain_text("CRI-8/3.8")
    page.locator("main [name=grade][value=major]").check()
    page.locator("main select[name=criterion]").select_option("CRI-8/3.8", force=True)
    page.locator("main form .form-end button").last.click()
    page.wait_for_url(f"**/{case.number}/")
    assert Judgement.objects.get(case=case).criterion == "CRI-8/3.8"

    for user in (cast.handler, cast.reporter, cast.verifier, cast.coordinator):
        may_not(open_page, case, user, "stop_work")
    act(open_page, case, cast.leader, "stop_work", stopped="三楼宿舍停用", note="有现实危险")
    for user in (cast.leader, cast.coordinator, cast.handler):
        may_not(open_page, case, user, "resume_work")
    may_not(open_page, case, cast.handler, "check_order")
    act(open_page, case, cast.verifier, "check_order", complied="yes", note="已停用")
    for user in (cast.verifier, cast.handler, cast.coordinator):
        may_not(open_page, case, user, "resume_work")
    page = act(open_page, case, cast.leader, "resume_work", note="新出口已启用")

    expect(page.locator("#chain")).to_be_visible()
    order = Order.objects.get(case=case)
    assert order.lifted_by == cast.leader
    expect(page.locator(f"a[href$='/papers/lifting/{order.pk}/']")).to_be_visible()


@LOOKS
def test_the_register_and_a_paper_can_be_read(
    open_page: OpenPage, cast: Cast, width: str, language: str
) -> None:
    case = finished(cast)
    page = open_page("/desk/hazards/majors/", width=width, language=language, user=cast.leader)
    expect(page.locator("main")).to_contain_text(case.number)
    screenshot(page, f"majors-{language}-{width}")
    assert_accessible(page)
    page = open_page(
        f"/desk/cases/{case.number}/", width=width, language=language, user=cast.leader
    )
    screenshot(page, f"major-case-{language}-{width}")
    assert_accessible(page)
    number = Order.objects.get(case=case)
    page = open_page(
        f"/desk/hazards/papers/stop-work/{number.pk}/", width=width, language=language,
        user=cast.leader,
    )  # fmt: skip
    expect(page.locator("main")).to_contain_text(number.number)
    screenshot(page, f"stop-work-{language}-{width}")
    assert_accessible(page)
