"""Photos in a real browser: seen before they are sent, in a viewer, compared, and an undo."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from bihuan.cases.actions import evidence
from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.hazards.actions import verification
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_photo, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


def photo(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": make_photo().read()}


def test_chosen_photos_are_shown_and_can_be_taken_out(open_page: OpenPage, cast: Cast) -> None:
    page = open_page("/desk/hazards/report/", user=cast.reporter, width="phone")

    page.set_input_files("#id_photos", [photo("a.jpg"), photo("b.jpg")])
    expect(page.locator(".chosen-list img")).to_have_count(2)
    screenshot(page, "photos-chosen")
    page.get_by_role("button", name="移除 a.jpg").click()

    expect(page.locator(".chosen-list img")).to_have_count(1)
    assert page.evaluate("document.querySelector('#id_photos').files[0].name") == "b.jpg"


@LOOKS
def test_the_viewer_shows_the_next_photo_and_compares(
    open_page: OpenPage, cast: Cast, width: str, language: str
) -> None:
    case = make_case(cast.post.unit, stage=Stage.SUBMITTED, cast=cast, now=PRESENT)
    evidence.attach(
        case=case, actor=cast.coordinator, now=PRESENT, uploads=[make_photo()], phase="before"
    )
    page = open_page(case.get_absolute_url(), user=cast.verifier, width=width, language=language)

    page.locator(".photos img").first.click()
    viewer = page.locator("#photo-viewer")
    expect(viewer).to_be_visible()
    expect(viewer.locator("[data-place]")).to_have_text("1 / 2")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-place]")).to_have_text("2 / 2")
    assert_accessible(page)
    screenshot(page, f"photos-viewer-{width}-{language}")
    page.keyboard.press("c")
    expect(viewer.locator("[data-both]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()


def test_photos_stand_once_while_a_form_is_open(open_page: OpenPage, cast: Cast) -> None:
    case = make_case(cast.post.unit, stage=Stage.SUBMITTED, cast=cast, now=PRESENT)
    page = open_page(case.get_absolute_url(), user=cast.verifier)
    own = page.locator(".case-lead > .pictures")
    expect(own).to_be_visible()

    page.locator(f".case-acts a[href^='{case.get_absolute_url()}verify/']").click()

    expect(page.locator("#panel .pictures")).to_be_visible()
    expect(own).to_be_hidden()
    page.locator("#panel .photos img").first.click()
    expect(page.locator("#photo-viewer [data-place]")).to_have_text("1 / 1")


@LOOKS
def test_an_act_is_undone_by_its_button(
    open_page: OpenPage, cast: Cast, width: str, language: str
) -> None:
    case = make_case(cast.post.unit, stage=Stage.SUBMITTED, cast=cast, now=PRESENT)
    verification.verify(case=case, actor=cast.verifier, now=PRESENT, note="合格")
    page = open_page(case.get_absolute_url(), user=cast.verifier, width=width, language=language)
    screenshot(page, f"undo-{width}-{language}")

    page.locator(".undo button").click()

    expect(page.locator(".message-success")).to_be_visible()
    screenshot(page, f"undone-{width}-{language}")
    assert Case.objects.get().stage == Stage.SUBMITTED


def test_an_assignment_takes_four_taps_if_the_proposal_is_right(
    open_page: OpenPage, cast: Cast
) -> None:
    make_case(cast.post.unit, stage=Stage.ASSIGNED, cast=cast, now=PRESENT)
    case = make_case(cast.post.unit, stage=Stage.CONFIRMED, cast=cast, now=PRESENT)
    page = open_page(case.get_absolute_url(), user=cast.coordinator, width="phone")

    page.locator(".case-acts").get_by_role("link", name="交办", exact=True).click()
    page.locator(".phrases button").first.click()
    screenshot(page, "assign-phone")
    page.locator("#panel .form-end button, main .form-end button").last.click()

    expect(page.locator(".message-success").first).to_be_visible()
    case.refresh_from_db()
    assert (case.stage, case.post) == (Stage.ASSIGNED, cast.post)
