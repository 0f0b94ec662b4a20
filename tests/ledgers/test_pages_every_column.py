"""The columns page shows every column, whether its values fit, and what the file lacks."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.ledgers.models import ImportJob, RememberedMapping
from bihuan.orgs.models import Unit
from tests.factories import make_unit
from tests.ledgers.pages import act, columns_of, send, try_out, work
from tests.ledgers.test_pages_export import rows_of
from tests.ledgers.workbooks import GOOD, HEADER, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

SHORT = ("检查日期", "场所", "隐患描述", "责任单位")
RECORD = ("2026-03-02", "第一小学食堂", "灭火器超过检验有效期", "双河镇")


def page_of(desk: Client, job: ImportJob) -> str:
    return desk.get(reverse("ledgers:import-columns", args=[job.pk])).content.decode()


def test_a_column_without_a_header_is_listed_by_its_letter_and_can_be_read(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, workbook([(*RECORD, "请尽快整改")], header=[*SHORT, ""]))
    page = page_of(desk, job)

    try_out(desk, job, **{"column-4": "remark"})
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    assert "E 列" in page
    assert "请尽快整改" in page
    assert '<th scope="col"></th>' not in page
    assert Case.objects.get().hazard.remark == "请尽快整改"


def test_no_header_is_called_recognised_whose_first_values_do_not_fit(
    desk: Client, town: Unit
) -> None:
    header = [*SHORT, "等级", "整改期限"]
    rows = [
        ("第一季度", *RECORD[1:3], "某某公司", "蓝色", "年内"),
        ("第二季度", *RECORD[1:3], "某厂", "红", "年内"),
    ]
    job = send(desk, town, workbook(rows, header=header))

    page = page_of(desk, job)

    for field, shown in (
        ("检查日期", "“第一季度”、“第二季度”"), ("责任单位", "“某某公司”、“某厂”"),
        ("等级", "“蓝色”、“红”"), ("整改期限", "“年内”"),
    ):  # fmt: skip
        assert f"看似“{field}”，但前几个值不符：{shown}" in page
    assert page.count("已识别") == 2


def test_one_strange_value_among_good_ones_leaves_a_column_recognised(
    desk: Client, town: Unit
) -> None:
    rows = [RECORD, (*RECORD[:1], "商场", *RECORD[2:]), ("三月某日", *RECORD[1:])]
    job = send(desk, town, workbook(rows, header=SHORT))

    page = page_of(desk, job)

    assert "看似" not in page
    assert "有些值不符：“三月某日”" in page


def test_what_a_file_lacks_is_said_and_its_error_leads_to_the_input_that_supplies_it(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, workbook([RECORD[1:]], header=SHORT[1:]))

    before = page_of(desk, job)
    wrong = try_out(desk, job)
    try_out(desk, job, **{"all-found_date": "2026-03-05"})
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    assert '<a href="#id_all-found_date">' in before
    assert '<a href="#id_all-found_date">' in wrong
    assert Case.objects.get().hazard.found_date == date(2026, 3, 5)


def test_without_a_column_for_the_words_the_error_leads_to_the_first_unread_one(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, workbook([(*RECORD[:2], "?", "x")], header=[*SHORT[:2], "甲", "乙"]))

    wrong = try_out(desk, job)

    assert '<a href="#id_column-2">' in wrong


@pytest.mark.parametrize("name", ["origin", "unit"])
def test_a_unit_for_all_rows_may_be_a_short_name_but_not_an_unclear_one(
    desk: Client, town: Unit, name: str
) -> None:
    for place in ("青杉镇人民政府", "白石镇人民政府", "白石镇办事处"):
        make_unit(town.parent, name=place)
    job = send(desk, town, workbook([RECORD[:3]], header=SHORT[:3]))

    unclear = try_out(desk, job, **{f"all-{name}": "白石镇"})
    try_out(desk, job, **{f"all-{name}": "青杉镇"})

    assert "“白石镇”是哪个单位" in unclear
    assert job.state == ImportJob.State.TRIED
    assert job.result["created"] == 1


def test_the_choices_for_a_file_are_used_for_the_next_one_with_the_same_headers(
    desk: Client, town: Unit
) -> None:
    header = [*SHORT[:2], "现 象", *SHORT[3:]]
    first = send(desk, town, workbook([RECORD], header=header))
    try_out(desk, first, **{"column-2": "description", "all-found_date": "2026-01-01"})

    again = send(desk, town, workbook([RECORD], header=[*SHORT[:2], "现\n象", *SHORT[3:]]))
    page, used = page_of(desk, again), again.mapping["columns"]
    other = send(desk, town, workbook([RECORD], header=[*header[:3], "单位"]))
    act(desk, "ledgers:import-read-again", again)

    assert RememberedMapping.objects.count() == 1
    assert "相同列标题" in page
    assert used["description"] == "现 象"
    assert again.mapping["columns"].get("description") is None  # detected again, as asked
    assert "found_date" not in RememberedMapping.objects.get().mapping["constants"]
    assert "description" not in other.mapping["columns"]


def test_the_choices_of_one_unit_are_not_used_for_another(desk: Client, town: Unit) -> None:
    header = [*SHORT[:2], "现象", *SHORT[3:]]
    job = send(desk, town, workbook([RECORD], header=header))
    try_out(desk, job, **{"column-2": "description"})

    assert (
        desk.post(
            reverse("ledgers:import"), {"file": workbook([RECORD], header=header), "unit": town.pk}
        ).status_code
        == 302
    )

    assert "description" not in ImportJob.objects.latest("pk").mapping["columns"]


def test_a_file_can_be_read_as_another_type_of_ledger(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([RECORD], header=SHORT))

    act(desk, "ledgers:import-read-again", job, {"kind": "grievance"})

    assert job.mapping["kind"] == "grievance"


def test_the_trial_names_the_new_rows_and_what_is_not_imported(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD, GOOD[:2], GOOD], header=HEADER))

    page = try_out(desk, job)

    report = rows_of(desk.get(reverse("ledgers:import-changes-file", args=[job.pk])))

    assert "将新建的行：3、5" in page
    assert [row[:2] for row in report[1:]] == [(3, "新事项"), (5, "新事项")]
    assert "说明栏" in page
    assert [each["title"] for each in job.result["unread"]] == ["序号", "说明栏"]


def test_a_refused_row_leads_to_the_input_that_mends_it(desk: Client, town: Unit) -> None:
    rows = [("三月某日", *RECORD[1:3], "不知哪里"), RECORD]
    job = send(desk, town, workbook(rows, header=SHORT))

    page = try_out(desk, job)

    columns = reverse("ledgers:import-columns", args=[job.pk])
    assert f'href="{columns}#id_column-0"' in page
    assert 'href="#id_word-unit-' in page
    assert columns_of(job)["column-0"] == "found_date"


def test_what_a_row_lacks_leads_to_the_value_for_all_rows(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([(*RECORD, "重大")], header=[*SHORT, "等级"]))

    page = try_out(desk, job)

    columns = reverse("ledgers:import-columns", args=[job.pk])
    assert f'href="{columns}#id_all-standard"' in page
