"""An officer brings the office's ledger in with a real browser, and every page can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, expect

from bihuan.cases.models import Case
from bihuan.ledgers.actions import exporting, jobs
from bihuan.ledgers.models import ExportJob, ImportJob, SavedMapping
from bihuan.ledgers.wording import speaking
from bihuan.orgs.models import Unit, User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit
from tests.ledgers.workbooks import GOOD, HEADER, ROWS, many, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ODD_HEADER = [*HEADER[:3], "现象", *HEADER[4:]]


def choose(page: Page, rows: object = ROWS, **options: object) -> None:
    file = workbook(rows, **options)  # type: ignore[arg-type]
    payload = FilePayload(name=str(file.name), mimeType="", buffer=file.read())
    page.set_input_files("#id_file", payload)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_contain_text("列")


def work() -> None:
    """The worker's turn."""
    jobs.run_imports(now=PRESENT, speaking=speaking)


def test_a_ledger_is_corrected_tried_and_brought_in(
    open_page: OpenPage, officer: User, tmp_path: Path
) -> None:
    page = open_page("/desk/import/", user=officer)
    choose(page, header=ODD_HEADER)

    page.locator("main .button-primary").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("现象：读作").select_option("description")
    page.locator("main .button-primary").click()
    expect(page.locator(".figures")).to_contain_text("2")

    page.get_by_label("责任单位：双河街道").fill("双河镇")
    page.get_by_role("button", name="按此重新试运行").click()
    expect(page.locator(".figures dd").nth(3)).to_have_text("1")
    page.get_by_role("button", name="导入 2 行").click()
    expect(page.locator("progress")).to_be_visible()

    work()
    expect(page.locator(".chip.tone-good")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载退回的行").click()
    download.value.save_as(tmp_path / "refused.xlsx")

    assert Case.objects.count() == 2
    table = load_workbook(tmp_path / "refused.xlsx").active
    assert table
    assert "郑某某" not in str(list(table.values))
    assert "三月某日" in str(list(table.values))


@LOOKS
def test_the_pages_of_an_import_are_accessible(
    open_page: OpenPage, officer: User, county: Unit, width: str, language: str
) -> None:
    page = open_page("/desk/import/", user=officer)
    choose(page, many(3), name="一季度排查.xlsx", sheets=("一月", "二月"))
    page.locator("main .button-primary").click()
    expect(page.locator("#sheets")).to_be_visible()
    choose_again = open_page("/desk/import/", user=officer)
    choose(choose_again)
    mapped, tried = ImportJob.objects.order_by("pk")
    choose_again.locator("main .button-primary").click()
    expect(choose_again.locator(".figures")).to_be_visible()
    SavedMapping.objects.create(
        unit=county, name="镇里的表", mapping=mapped.mapping, saved_by=officer,
        saved_at=PRESENT,
    )  # fmt: skip

    def look(name: str, path: str) -> None:
        shown = open_page(path, width=width, language=language, user=officer)
        screenshot(shown, f"{name}-{width}-{language}")
        assert_accessible(shown)
        shown.context.close()

    look("import-columns", reverse("ledgers:import-columns", args=[mapped.pk]))
    look("import-sheets", reverse("ledgers:import-job", args=[mapped.pk]))
    look("import-trial", reverse("ledgers:import-job", args=[tried.pk]))
    choose_again.locator("main .button-primary").click()
    expect(choose_again.locator("progress")).to_be_visible()
    look("import-progress", reverse("ledgers:import-job", args=[tried.pk]))
    work()
    look("import-done", reverse("ledgers:import-job", args=[tried.pk]))
    ImportJob.objects.filter(pk=mapped.pk).update(
        state="failed", why={"zh-hans": "工作表已损坏。", "en": "The sheet is damaged."}
    )
    look("import-failed", reverse("ledgers:import-job", args=[mapped.pk]))
    look("import", "/desk/import/")
    look("today-notice", "/desk/")


@LOOKS
def test_the_page_that_asks_what_columns_are_is_accessible(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/import/", user=officer)
    header = [
        "检查日期",
        "场所",
        "隐患描述",
        "督办单位",
        "来访人",
        "稳控措施",
        "",
        "整改资金（万元）",
    ]
    choose(page, [["2026-03-02", "商场", "堵塞", "双河镇", "某", "某", "x", 0.5]], header=header)

    shown = open_page(
        reverse("ledgers:import-columns", args=[ImportJob.objects.get().pk]),
        width=width,
        language=language,
        user=officer,
    )

    screenshot(shown, f"import-asks-{width}-{language}")
    assert_accessible(shown)
    assert shown.locator("select[name=column-3]").input_value() == ""


@LOOKS
def test_the_page_of_a_file_that_lacks_a_day_and_does_not_fit_is_accessible(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    page = open_page("/desk/import/", user=officer)
    header = ["场所", "隐患描述", "责任单位", "整改期限", ""]
    choose(page, [["商场", "堵塞", "双河镇 林小梅", "年内", "补充"]], header=header)
    path = reverse("ledgers:import-columns", args=[ImportJob.objects.get().pk])

    shown = open_page(path, width=width, language=language, user=officer)
    screenshot(shown, f"import-lacks-{width}-{language}")
    assert_accessible(shown)
    shown.locator("main .form .button-primary").click()
    expect(shown.locator(".error-summary")).to_be_visible()
    assert_accessible(shown)

    shown.locator(".error-summary a").click()
    expect(shown.locator("#id_all-found_date")).to_be_focused()
    shown.locator("#id_all-found_date").fill("2026-03-02")
    shown.locator("main .form .button-primary").click()
    expect(shown.locator(".figures")).to_be_visible()


@LOOKS
def test_the_pages_of_an_export_are_accessible(
    open_page: OpenPage,
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
    width: str,
    language: str,
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    page = open_page("/desk/import/", user=officer)
    choose(page, [GOOD])
    page.locator("main .button-primary").click()
    expect(page.locator(".figures")).to_be_visible()
    page.locator("main .button-primary").click()
    expect(page.locator("progress")).to_be_visible()
    work()

    page = open_page("/desk/cases/export/?state=all", width=width, language=language, user=officer)
    screenshot(page, f"export-{width}-{language}")
    assert_accessible(page)
    page.locator("main .button-primary").click()
    expect(page.locator("progress")).to_be_visible()
    monkeypatch.undo()
    jobs.run_exports(now=PRESENT, speaking=speaking)
    expect(page.locator("progress")).to_have_count(0)
    screenshot(page, f"exported-{width}-{language}")
    assert_accessible(page)

    assert ExportJob.objects.get().state == ExportJob.State.DONE


@LOOKS
def test_the_first_import_page_teaches(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    for name, user in (("import-first", officer), ("import-closed", make_officer(make_unit()))):
        page = open_page("/desk/import/", width=width, language=language, user=user)
        screenshot(page, f"{name}-{width}-{language}")
        assert_accessible(page)
