"""An officer brings a corrected ledger in: asked, answered by keys, seen, taken in."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from bihuan.cases.models import Case
from bihuan.hazards.models import Hazard
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.views import questions as pages
from bihuan.orgs.models import User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.browser.test_import import work
from tests.ledgers.corrected import TITLES, corrected, row
from tests.ledgers.workbooks import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = [row(n, 整改措施="换箱") for n in range(5)] + [row(7, 编号="AQ-1")]
ENDED = row(8, 编号="AQ-8", 是否销号="是", 验收日期="2026-03-10")
SECOND = [
    *(corrected(n) for n in range(3)),
    row(3),
    row(4, 备注="第二次催办"),
    row(6, 编号="AQ-1"),
    row(9, 编号="AQ-8"),
]


def upload(page: Page, rows: object) -> None:
    file = workbook(rows, header=TITLES)  # type: ignore[arg-type]
    payload = FilePayload(name=str(file.name), mimeType="", buffer=file.read())
    page.set_input_files("#id_file", payload)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("table.columns-read")).to_be_visible()


def bring_in(page: Page, rows: object) -> None:
    """Rows that nobody has to be asked about."""
    upload(page, rows)
    page.locator("main .button-primary").click()
    page.get_by_role("button", name="导入").click()
    expect(page.locator("progress")).to_be_visible()
    work()
    expect(page.locator(".chip.tone-good")).to_be_visible()


def choices(page: Page) -> list[str]:
    return [str(box.get_attribute("value")) for box in page.locator("#questions :checked").all()]


def test_a_corrected_ledger_is_checked_answered_seen_and_taken_in(
    open_page: OpenPage, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "QUESTIONS", 2)
    page = open_page("/desk/import/", user=officer)
    bring_in(page, [*FIRST, ENDED])
    page.goto(page.url.split("/desk/")[0] + "/desk/import/")
    upload(page, SECOND)
    page.get_by_label("空单元格清空已有事项的对应内容").check()
    page.locator("main .button-primary").click()
    expect(page.locator(".figures")).to_be_visible()

    # Nothing comes in while rows wait for an answer.
    page.get_by_role("link", name="答复 5 个问题").click()
    answer_one_by_one(page)
    answer_all_of_a_sort(page)

    # What would change, then the import.
    page.get_by_role("link", name="查看将变更").click()
    expect(page.locator(".changes")).to_contain_text("第二次催办")
    expect(page.locator(".changes")).to_contain_text("（空）")
    page.wait_for_load_state()
    page.go_back()
    page.get_by_role("button", name="导入").click()
    expect(page.locator("progress")).to_be_visible()
    work()
    expect(page.locator(".figures")).to_be_visible()

    job = ImportJob.objects.latest("pk")
    assert job.state == ImportJob.State.DONE
    assert Hazard.objects.filter(remark="第二次催办", measures="").count() == 1
    assert Case.objects.count() == 7 + 2


def answer_one_by_one(page: Page) -> None:
    """By keys, going back and forth, and loading the page again."""
    expect(page.locator("#questions [data-row]")).to_have_count(2)
    page.locator("#questions input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # the link of the next case
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert choices(page) == ["same", "new"]
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator("#questions [data-row]")).to_have_count(1)
    page.locator("#questions input[value=leave]").check()
    page.get_by_role("button", name="保存并返回上一页").click()
    expect(page.locator("#questions [data-row]")).to_have_count(2)
    answer = choices(page)
    page.reload()
    assert choices(page) == answer
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator("#questions [data-row]")).to_have_count(1)
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator("#questions [data-row]")).to_have_count(2)
    assert choices(page) == answer


def answer_all_of_a_sort(page: Page) -> None:
    """The other sorts, each with one answer for all."""
    page.get_by_role("link", name="编号已被使用").click()
    page.locator("form.every input[value=new]").check()
    page.locator("form.every button").click()
    expect(page.get_by_role("link", name="编号已被使用")).to_contain_text("已答复")
    page.get_by_role("link", name="对应的事项已办结").click()
    expect(page.locator("#questions input[value=same]")).to_have_count(0)
    page.locator("#questions input[value=leave]").check()
    page.get_by_role("button", name="保存并重新试运行").click()


@LOOKS
def test_the_pages_of_questions_and_changes_are_accessible(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/import/", user=officer)
    bring_in(page, [*FIRST, ENDED])
    page.goto(page.url.split("/desk/")[0] + "/desk/import/")
    upload(page, SECOND)
    page.get_by_label("空单元格清空已有事项的对应内容").check()
    page.locator("main .button-primary").click()
    expect(page.locator(".figures")).to_be_visible()
    job = ImportJob.objects.latest("pk")

    def look(name: str, address: str) -> None:
        shown = open_page(address, width=width, language=language, user=officer)
        screenshot(shown, f"{name}-{width}-{language}")
        assert_accessible(shown)
        wide = shown.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide
        shown.context.close()

    questions = reverse("ledgers:import-questions", args=[job.pk])
    look("import-asked-trial", reverse("ledgers:import-job", args=[job.pk]))
    look("import-questions-alike", questions)
    look("import-questions-ended", f"{questions}?sort=ended")
    look("import-changes", reverse("ledgers:import-changes", args=[job.pk]))
    page.goto(page.url.split("/desk/")[0] + f"{questions}?sort=number")
    page.locator("form.every input[value=new]").check()
    page.locator("form.every button").click()
    look("import-questions-answered", f"{questions}?sort=number")
    look("import-answered-trial", reverse("ledgers:import-job", args=[job.pk]))
