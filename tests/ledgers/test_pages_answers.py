"""What a trial run asks about the rows, answered on the page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.ledgers.notes import said_of
from bihuan.ledgers.sheet import sheet_said
from bihuan.orgs.models import Unit
from bihuan.sheets.personal import Personal
from bihuan.sheets.wording import why_left_out
from tests.ledgers.pages import act, columns_of, send, try_out, work
from tests.ledgers.workbooks import GOOD, HEADER, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

LISTED = (
    1, "2026-03-02", "第一小学食堂", "1.灭火器过期；\n2.通道堆物", "较大", "", "", "",
    "立行立改", "已督促整改", "", "x",
)  # fmt: skip


def test_the_page_says_and_asks_what_the_command_says_and_refuses(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD, LISTED]))

    first = try_out(desk, job)
    assert (job.result["refused"], job.result["unknown"]) == (1, {"closed": {"已督促整改": 1}})
    way = _("Define it in the trial run for all such rows, under “Unknown words”.")
    assert way in first
    assert "[words.closed]" not in first
    word = next(name for name in _fields(first) if name.startswith("word-"))
    second = act(desk, "ledgers:import-words", job, {word: "no"})

    assert job.result["refused"] == 0
    for sentence in said_of(job.result, town.parent.name if town.parent else ""):
        assert sentence in second
    assert {"no_unit", "several", "at_once", "in_remark"} <= set(job.result["noted"])
    assert {"rows-unit", "rows-split"} <= _fields(second)


def test_the_answers_split_rows_and_give_them_a_unit(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD, LISTED]))
    word = next(n for n in _fields(try_out(desk, job)) if n.startswith("word-"))
    act(desk, "ledgers:import-words", job, {word: "no"})

    wrong = act(desk, "ledgers:import-words", job, {word: "no", "rows-unit": "没有这个单位"})
    act(desk, "ledgers:import-words", job, {word: "no", "rows-unit": town.name, "rows-split": "on"})
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    assert _("There is no such unit.") in wrong
    parted = Case.objects.filter(hazard__remark__contains="等级：较大")
    assert set(parted.values_list("title", "owner__name")) == {
        ("灭火器过期", town.name),
        ("通道堆物", town.name),
    }


def test_the_order_of_days_is_asked_only_where_the_column_does_not_show_it(
    desk: Client, town: Unit
) -> None:
    unclear = [(*GOOD[:1], "3/2/2026", *GOOD[2:])]
    job = send(desk, town, workbook(unclear))

    act(desk, "ledgers:import-columns", job, {**columns_of(job), "dates": ""})
    refused = job.result["refused"]
    act(desk, "ledgers:import-columns", job, {**columns_of(job), "dates": "day"})

    assert (refused, job.result["refused"]) == (1, 0)
    assert job.mapping["options"]["dates"] == "day first"


def _fields(page: str) -> set[str]:
    return {part.partition('"')[0] for part in page.split('name="')[1:]}


def test_the_page_says_all_that_the_command_says_of_what_was_read(desk: Client, town: Unit) -> None:
    header = (*HEADER, "整改资金（万元）", "现场照片")
    rows = [(*GOOD[:8], 15, *GOOD[9:], 2, "p.jpg")]
    job = send(desk, town, workbook(rows, header=header, sheets=("一月", "二月")))

    page = try_out(desk, job)

    answer = job.result
    assert answer["other_sheets"]
    assert answer["left_out"]
    assert answer["not_read"]
    assert answer["money"]
    found = [*sheet_said(answer), *said_of(answer, town.parent.name if town.parent else "")]
    found += [
        *answer["columns"].values(),
        *answer["not_read"],
        *answer["left_out"],
        *answer["money"],
    ]
    found += [why_left_out(Personal(why)) for why in answer["left_out"].values()]
    found += [f"第 {answer['header_row']} 行"]
    for each in found:
        assert each in page, each
