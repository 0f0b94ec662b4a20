"""Desk intake, the categories and a suggestion in a real browser, on a desk and on a phone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade
from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.grievances.actions import category, suggestion
from bihuan.hazards.actions import reporting
from bihuan.orgs.access import Console
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.accounts import Account, Intake
from bihuan.receipts.actions import publications
from bihuan.receipts.actions.publications import Shown
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Office:
    town: Unit
    coordinator: User
    clerk: User
    handler: User
    leader: User


@pytest.fixture
def office() -> Office:
    county = make_unit(name="云溪县")
    town = make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)
    return Office(
        town=town,
        coordinator=make_officer(county, Power.COORDINATE, Power.ADMINISTER, name="李调度"),
        clerk=make_officer(town, Power.REPORT, name="周窗口"),
        handler=make_officer(town, Power.HANDLE, name="王研究"),
        leader=make_officer(town, Power.APPROVE, name="陈镇长"),
    )


@pytest.fixture
def answered(office: Office) -> Case:
    now = PRESENT
    account = Account(
        title="镇上增设晚班公交", description="末班车太早，下夜班回不了家。", unit=office.town
    )
    case = suggestion.receive(Intake(account=account, form_key="s", now=now, may_publish=True)).case
    post = Post.objects.get(tenures__member=office.handler)
    case = suggestion.consider(case=case, actor=office.coordinator, now=now, post=post)
    case = suggestion.adopt(case=case, actor=office.leader, now=now, note="十月起试行周末晚班。")
    shown = Shown(title="晚班公交", text="有人建议增设晚班公交。", answer="十月起试行周末晚班。")
    return publications.publish(case=case, actor=office.leader, now=now, shown=shown)


def fill(page: Page, *, category: str = "020301") -> None:
    page.locator('input[name="channel"][value="visit"]').check()
    page.locator('input[name="kind"][value="suggestion"]').check()
    page.locator("#id_title").fill("镇上增设晚班公交")
    page.locator("#id_description").fill("末班车太早，下夜班回不了家。")
    if category:
        wanted = page.locator(f"#id_category-select option[value='{category}']").inner_text()
        page.locator("#id_category").fill(wanted)
        page.keyboard.press("Enter")
    page.locator("#id_name_given").fill("欧阳不具名")
    page.locator("#id_call_me").fill("13900001111")
    page.locator("#id_may_publish").check()


@LOOKS
def test_what_is_told_is_written_down_read_back_and_printed(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    category.load(actor=Console.CONSOLE, now=PRESENT)
    page = open_page("/desk/intake/", width=width, language=language, user=office.clerk)
    assert_accessible(page)
    page.locator(".form-end .button-primary").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert_accessible(page)

    fill(page)
    screenshot(page, f"intake-{width}-{language}")
    page.locator(".form-end .button-primary").click()
    expect(page.locator(".consequences")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"intake-check-{width}-{language}")

    page.locator("button[value=make]").click()
    expect(page.locator(".slip-code")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"intake-slip-{width}-{language}")
    assert Case.objects.get().suggestion.may_publish


@LOOKS
def test_the_categories_are_loaded_looked_through_and_retired(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    page = open_page("/desk/categories/", width=width, language=language, user=office.coordinator)
    assert_accessible(page)
    page.locator(".empty .button-primary").click()
    page.locator(".form-end .button-primary").click()
    expect(page.locator(".card h2").first).to_be_visible()
    page.locator("details.more summary").first.click()
    assert_accessible(page)
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 844})  # type: ignore[index]
    screenshot(page, f"categories-{width}-{language}")

    for path, name in (("0201/", "node"), ("0201/retire/", "retire"), ("0201/add/", "add")):
        page.goto(f"/desk/categories/{path}")
        assert_accessible(page)
        screenshot(page, f"category-{name}-{width}-{language}")


@LOOKS
def test_a_suggestion_and_its_forms_can_be_read(
    open_page: OpenPage, office: Office, answered: Case, width: str, language: str
) -> None:
    url = answered.get_absolute_url()
    page = open_page(url, width=width, language=language, user=office.leader)
    assert_accessible(page)
    screenshot(page, f"suggestion-{width}-{language}")

    for path in ("publish/", "unpublish/", "sheet/"):
        page.goto(f"{url}{path}")
        assert_accessible(page)
        screenshot(page, f"suggestion-{path[:-1]}-{width}-{language}")


@LOOKS
def test_a_hazard_of_the_public_shows_what_is_owed(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    now = PRESENT
    account = Account(
        title="配电箱外露", place="双河镇中学门口", unit=office.town, point=Point(25.0, 102.0)
    )
    case = reporting.receive(Intake(account=account, form_key="h", now=now)).case
    case = reporting.confirm(case=case, actor=office.coordinator, now=now, grade=Grade.GENERAL)
    shown = Shown(title="学校门口用电隐患", place="双河镇中学附近", with_point=True)
    publications.publish(case=case, actor=office.coordinator, now=now, shown=shown)

    page = open_page(
        case.get_absolute_url(), width=width, language=language, user=office.coordinator
    )
    assert_accessible(page)
    screenshot(page, f"hazard-public-{width}-{language}")
    page.goto(f"{case.get_absolute_url()}ask_reporter/")
    assert_accessible(page)
    screenshot(page, f"hazard-ask-{width}-{language}")
