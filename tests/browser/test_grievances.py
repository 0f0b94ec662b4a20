"""The pages of a grievance in a real browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from bihuan.cases.models import Case
from bihuan.core.grievance import Move, Stage
from bihuan.grievances.actions import reviews, transfers
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.grievances.offices import Realm, bring, make_realm, read, review, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def realm() -> Realm:
    return make_realm()


@pytest.fixture
def reviewed(realm: Realm) -> Case:
    """Answered by the town, reviewed by the county, and in the hearing of the city."""
    now = PRESENT
    case = bring(realm.town, Stage.REPLIED, now=now)
    read(case, now)
    case = review(case, realm.county, now=now)
    read(case, now)
    case = reviews.ask_review(case=case, note="仍然不服。", now=now)
    handler = realm.city.handler
    return reviews.begin_hearing(case=case, actor=handler, now=now, note="听证")


@LOOKS
def test_the_case_page_shows_the_opinions_and_what_can_be_done_against_them(
    open_page: OpenPage, realm: Realm, reviewed: Case, width: str, language: str
) -> None:
    page = open_page(
        reviewed.get_absolute_url(), width=width, language=language, user=realm.city.head
    )

    expect(page.locator("#opinion-answer")).to_be_visible()
    expect(page.locator("#opinion-review")).to_be_visible()
    expect(page.locator(".remedies li")).to_have_count(3)
    assert_accessible(page)
    screenshot(page, f"grievance-reviewed-{width}-{language}")


@LOOKS
def test_the_forms_to_classify_and_to_draft_are_clean(
    open_page: OpenPage, realm: Realm, width: str, language: str
) -> None:
    now = PRESENT
    new, at_work = take(realm.town.unit, now=now).case, bring(realm.town, Stage.HANDLING, now=now)
    steps = [
        (new, Move.CLASSIFY, realm.town.coordinator),
        (at_work, Move.DRAFT, realm.town.handler),
    ]

    for case, move, user in steps:
        address = reverse("desk:move", args=[case.number, move])
        page = open_page(address, width=width, language=language, user=user)
        expect(page.locator("form textarea").first).to_be_visible()
        assert_accessible(page)
        screenshot(page, f"grievance-{move}-{width}-{language}")


@LOOKS
def test_the_service_of_an_answer_is_recorded_with_its_receipt(
    open_page: OpenPage, realm: Realm, width: str, language: str
) -> None:
    now = PRESENT
    case = bring(realm.town, Stage.REPLIED, now=now)
    address = reverse("desk:move", args=[case.number, Move.SERVE])

    page = open_page(address, width=width, language=language, user=realm.town.handler)
    expect(page.locator('input[name="service"]')).to_have_count(4)
    assert_accessible(page)
    screenshot(page, f"grievance-serve-{width}-{language}")
    page.fill('input[name="served_date"]', timezone.localdate(now).isoformat())
    page.check('input[value="left"]')
    page.click('form button[type="submit"].button-primary')

    expect(page.locator("#opinion-answer")).to_be_visible()
    assert case.opinions.get().served_way == "left"
    assert_accessible(page)
    screenshot(page, f"grievance-served-{width}-{language}")


@LOOKS
def test_a_transfer_waits_on_today_and_stands_on_the_case(
    open_page: OpenPage, realm: Realm, width: str, language: str
) -> None:
    now = PRESENT
    town, bureau = realm.town, realm.bureau
    case = transfers.transfer(
        case=bring(town, now=now), actor=town.coordinator, now=now, unit=bureau.unit,
        note="住房建设事项。",
    )  # fmt: skip

    page = open_page("/desk/", width=width, language=language, user=bureau.coordinator)
    expect(
        page.locator(f'a[href^="{reverse("desk:move", args=[case.number, "take_over"])}"]')
    ).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"grievance-today-{width}-{language}")
    page = open_page(
        case.get_absolute_url(), width=width, language=language, user=bureau.coordinator
    )
    assert_accessible(page)
    screenshot(page, f"grievance-transferred-{width}-{language}")


@LOOKS
def test_the_opinion_prints_on_a_page(
    open_page: OpenPage, realm: Realm, reviewed: Case, width: str, language: str
) -> None:
    address = reverse("grievances:opinion", args=[reviewed.number, "review"])

    page = open_page(address, width=width, language=language, user=realm.city.head)

    expect(page.locator("h1")).to_contain_text("石桥县")
    assert_accessible(page)
    screenshot(page, f"grievance-opinion-{width}-{language}")
