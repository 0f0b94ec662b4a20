"""Checklists in a real browser: made and changed, brought in from a form, handed out, printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from bihuan.checklists.models import Checklist, Version
from bihuan.orgs.models import Unit, User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.checklists.workbooks import FORMS, SURVEY, workbook
from tests.clock import PRESENT
from tests.factories import make_checklist

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = workbook(
    [SURVEY, ("select_one yn", "q9", "第2项是否符合要求"), ("text", "i1", "情况说明")],
    [("list_name", "name", "label"), ("yn", "yes", "是"), ("yn", "no", "否")],
)


@pytest.fixture
def listed(county: Unit) -> Checklist:
    return make_checklist(county, title="消防检查", now=PRESENT).checklist


def send(page: Page, **typed: str) -> None:
    """Fill in the form of the page and send it."""
    for name, value in typed.items():
        page.fill(f"main [name={name}]", value)
    page.locator("main form.form button[type=submit]").last.click()


def put_to_use(page: Page) -> None:
    page.locator("a[href$='/draft/put-to-use/']").click()
    expect(page.locator("#differences")).to_be_visible()
    assert_accessible(page)
    send(page)
    expect(page.locator("#versions")).to_be_visible()


@LOOKS
def test_a_checklist_is_made_and_its_next_version_shows_what_differs(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/checklists/add/", width=width, language=language, user=officer)
    assert_accessible(page)
    send(page, title="锅炉房检查", title_en="Boiler house")
    page.locator("main a[href$='/draft/section/']").first.click()
    send(page, title="运行", title_en="Operation")
    page.locator("main a[href*='/draft/item/?section=']").click()
    assert_accessible(page)
    send(page, text="压力表是否在检定有效期内？", text_en="Is the pressure gauge within its date?")
    expect(page.locator(".checklist-draft ol > li")).to_have_count(1)
    page.locator("button[value^='item-copy:']").click()
    expect(page.locator(".checklist-draft ol > li")).to_have_count(2)
    page.locator("button[value='undo:']").click()
    expect(page.locator(".checklist-draft ol > li")).to_have_count(1)
    assert_accessible(page)
    screenshot(page, f"checklist-draft-{width}-{language}")
    put_to_use(page)

    page.locator("form[action$='/draft/begin/'] button").click()
    page.locator(".checklist-draft ol > li a").first.click()
    send(page, help="看表盘上的检定标签。", help_en="Look at the label on the dial.")
    put_to_use(page)

    assert_accessible(page)
    screenshot(page, f"checklist-{width}-{language}")
    states = Version.objects.order_by("number").values_list("state", flat=True)
    assert [*states] == ["replaced", "in_use"]


@LOOKS
def test_a_form_is_refused_by_its_questions_or_becomes_a_checklist(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/checklists/import/", width=width, language=language, user=officer)
    assert_accessible(page)
    page.set_input_files("main [name=file]", FORMS / "tutorial.xls")
    send(page)
    expect(page.locator("main [role=alert]")).to_contain_text("member")
    assert_accessible(page)
    screenshot(page, f"checklist-refused-{width}-{language}")

    page.set_input_files("main [name=file]", [form()])
    send(page)
    expect(page.locator("main")).to_contain_text("情况说明")
    assert_accessible(page)
    screenshot(page, f"checklist-preview-{width}-{language}")
    assert not Checklist.objects.exists()
    send(page, title="导入的检查表")

    expect(page).to_have_url(re.compile(r"/draft/$"))
    assert Checklist.objects.get().origin == "imported"


@LOOKS
def test_a_form_becomes_the_next_version_when_its_differences_were_seen(
    open_page: OpenPage, officer: User, listed: Checklist, width: str, language: str
) -> None:
    page = open_page(listed.get_absolute_url(), width=width, language=language, user=officer)
    page.locator("a[href$='/draft/import/']").click()
    expect(page.locator("main [name=file]")).to_be_attached()
    assert_accessible(page)
    page.set_input_files("main [name=file]", [form()])
    send(page)

    expect(page.locator("#differences")).to_be_visible()
    # Items 1 and 2 are changed, item 3 and the section are gone, another section is there.
    expect(page.locator("main .rows li")).to_have_count(5)
    assert_accessible(page)
    screenshot(page, f"checklist-next-{width}-{language}")
    assert Version.objects.count() == 1
    send(page)

    expect(page).to_have_url(re.compile(r"/draft/$"))
    draft = Version.objects.get(checklist=listed, state="draft")
    assert [item.key for item in draft.read().items] == ["i2", "i1"]
    page.goto("/desk/")
    expect(page.locator(f"main a[href='/desk/checklists/{listed.pk}/draft/']")).to_be_visible()


@LOOKS
def test_a_version_is_read_printed_and_handed_out(
    open_page: OpenPage, officer: User, listed: Checklist, width: str, language: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    page = open_page("/desk/checklists/", width=width, language=language, user=officer)
    assert_accessible(page)
    page.goto(f"{listed.get_absolute_url()}versions/1/")
    assert_accessible(page)
    screenshot(page, f"checklist-version-{width}-{language}")
    with page.expect_download() as download:
        page.locator("a[href$='/xlsform/']").click()
    download.value.save_as(tmp_path / "form.xlsx")
    assert (tmp_path / "form.xlsx").read_bytes()[:2] == b"PK"

    page.locator("a[href$='/sheet/']").click()
    expect(page.locator("table").last).to_be_visible()
    assert_accessible(page)
    page.emulate_media(media="print")
    screenshot(page, f"checklist-sheet-{width}-{language}")


def form() -> FilePayload:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "form.xlsx", "mimeType": kind, "buffer": FORM}
