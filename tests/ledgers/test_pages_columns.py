"""The columns page: what was read as titles, what has to be said, and what is never offered."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from xlsxwriter import Workbook

from bihuan.ledgers.models import ImportJob, SavedMapping
from bihuan.ledgers.wording import looks_like
from bihuan.orgs.models import Unit
from tests.ledgers.pages import act, send, try_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

ASKING: Sequence[Sequence[object]] = (
    ("双河镇隐患台账", "", "", "", "", "单位：万元"),
    ("检查日期", "场所", "隐患描述", "督办单位", "", "整改资金"),
    ("2026-03-02", "第一小学", "灭火器失效", "双河镇", "", 0.5),
)


def file_of(rows: Sequence[Sequence[object]]) -> SimpleUploadedFile:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("台账.xlsx", out.getvalue())


def columns_page(desk: Client, job: ImportJob) -> str:
    return desk.get(reverse("ledgers:import-columns", args=[job.pk])).content.decode()


def test_a_column_that_is_not_sure_is_asked_about_and_not_read(desk: Client, town: Unit) -> None:
    job = send(desk, town, file_of(ASKING))

    page = columns_page(desk, job)
    try_out(desk, job)

    assert "有 1 列的含义不能确定" in page
    assert "可能是“发现单位”或“责任单位”" in page
    assert "督办单位" not in job.mapping["columns"].values()
    assert job.state == ImportJob.State.TRIED
    assert job.result["not_read"] == ["督办单位"]


def test_the_answer_is_taken(desk: Client, town: Unit) -> None:
    job = send(desk, town, file_of(ASKING))

    try_out(desk, job, **{"column-3": "unit"})

    assert job.mapping["columns"]["unit"] == "督办单位"
    assert (job.result["created"], job.result["refused"]) == (1, 0)


def test_the_page_and_the_result_say_the_row_of_titles_and_the_unit(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, file_of(ASKING))

    page = columns_page(desk, job)
    result = try_out(desk, job)

    for text in (page, result):
        assert "第 2 行读作列标题" in text
        assert "每 1 为 10000 元" in text


def test_what_amounts_count_can_be_said(desk: Client, town: Unit) -> None:
    job = send(desk, town, file_of(ASKING))

    try_out(desk, job, money="千元")

    assert job.result["money"] == {"整改资金": "1000"}


def test_somebody_says_which_row_holds_the_titles(desk: Client, town: Unit) -> None:
    rows = [ASKING[1], ("a", "b", "c", "d", "e", "f"), *ASKING[1:]]
    job = send(desk, town, file_of(rows))

    act(desk, "ledgers:import-read-again", job, {"header_row": "3"})
    found = job.look["header_row"]
    try_out(desk, job, keep_as="镇里的表")

    assert found == 3
    assert job.result["header_row"] == 3
    assert job.result["rows"] == 1
    # The next file may have its titles elsewhere.
    assert SavedMapping.objects.get().mapping["options"]["header_row"] == ""


@pytest.mark.parametrize("row", ["0", "99", "x"])
def test_a_row_that_cannot_be_is_said_to_be_none(desk: Client, town: Unit, row: str) -> None:
    job = send(desk, town, file_of(ASKING))

    page = act(desk, "ledgers:import-read-again", job, {"header_row": row})

    assert "没有这个工作表或这一行" in page
    assert job.look["header_row"] == 2


def test_what_is_about_the_public_is_never_offered(desk: Client, town: Unit) -> None:
    rows = [
        ("收到时间", "来信来访人", "单位", "主要诉求", "稳控措施", "接访人", "备注"),
        ("2026-09-05", "刘某", "云榆县第一中学", "职称评审不公", "专人盯守", "何静", ""),
    ]
    job = send(desk, town, file_of(rows))

    page = columns_page(desk, job)
    try_out(desk, job, **{"column-2": "origin", "column-4": "measures"})

    assert looks_like("grievance") in page
    for index in (1, 2, 4):
        assert f'name="column-{index}"' not in page
    assert "云榆县第一中学" not in page
    assert "专人盯守" not in page
    assert {"origin", "measures"}.isdisjoint(job.mapping["columns"])


def test_a_column_without_a_title_is_no_empty_heading(desk: Client, town: Unit) -> None:
    page = columns_page(desk, send(desk, town, file_of(ASKING)))

    assert '<th scope="col"></th>' not in page
