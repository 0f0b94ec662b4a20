"""A transfer letter on a phone, from its draft to the answer, by the people who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bihuan.orgs.models import User
from bihuan.transfers.models import Letter
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.transfers.scene import Scene, make_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene() -> Scene:
    return make_scene(PRESENT - timedelta(hours=1))


def send(page: Page) -> None:
    page.locator("main form .form-end button").last.click()
    page.wait_for_url("**/desk/letters/*/")
    expect(page.locator("#says")).to_be_visible()


def act(open_page: OpenPage, letter: Letter, user: User, name: str) -> Page:
    """Come to an act from the button on the page of the letter."""
    page = open_page(letter.get_absolute_url(), width="phone", user=user)
    page.locator(f".page-actions a[href$='/{name}/'], main a[href$='/{name}/']").first.click()
    page.wait_for_url(f"**/{name}/")
    expect(page.locator("main form").last).to_be_visible()
    assert_accessible(page)
    return page


def test_a_letter_from_draft_to_answer_on_a_phone(open_page: OpenPage, scene: Scene) -> None:
    scene.photo()
    page = open_page(scene.case.get_absolute_url(), width="phone", user=scene.coordinator)
    page.locator("a[href$='/letter/']").click()
    page.wait_for_url("**/letter/")
    expect(page.locator("main [name=found]")).to_have_value("林地内堆场\n灯不亮。")
    assert_accessible(page)
    page.locator("main select[name=to_unit]").select_option(str(scene.bureau.pk), force=True)
    page.locator("main [name=basis]").fill("《中华人民共和国森林法》第三十七条")
    page.locator("main [name=photos]").check()
    screenshot(page, "transfer-draft-phone-zh-hans")
    send(page)
    letter = Letter.objects.get()
    expect(page.locator("a[href$='/issue/']")).to_have_count(0)

    page = act(open_page, letter, scene.leader, "issue")
    screenshot(page, "transfer-issue-phone-zh-hans")
    send(page)

    page = act(open_page, letter, scene.receiver, "receive")
    page.locator("main [name=receipt]").fill("林收12")
    send(page)

    page = act(open_page, letter, scene.receiver, "answer")
    page.locator("main [name=answer][value=accepted]").check()
    page.locator("main [name=text]").fill("已立案查处。")
    send(page)

    letter.refresh_from_db()
    assert (letter.stage, letter.receipt, letter.answer) == ("answered", "林收12", "accepted")
    page = open_page(letter.get_absolute_url(), width="phone", user=scene.coordinator)
    expect(page.locator("main")).to_contain_text("已立案查处。")


@LOOKS
def test_list_letter_sheet_and_case_can_be_read(
    open_page: OpenPage, scene: Scene, width: str, language: str
) -> None:
    letter = scene.issued(photos=[scene.photo()], papers="现场检查记录 2 页")
    scene.answered()
    look = f"{width}-{language}"
    for name, url in (
        ("list", "/desk/letters/?state=all"),
        ("letter", letter.get_absolute_url()),
        ("case", scene.case.get_absolute_url()),
    ):
        page = open_page(url, width=width, language=language, user=scene.coordinator)
        expect(page.locator("main")).to_contain_text(letter.title)
        assert_accessible(page)
        screenshot(page, f"transfer-{name}-{look}")
    sheet = f"{letter.get_absolute_url()}sheet/"
    page = open_page(sheet, width=width, language=language, user=scene.receiver)
    expect(page.locator("main")).to_contain_text(letter.number)
    screenshot(page, f"transfer-sheet-{look}")
