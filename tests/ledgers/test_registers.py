"""Registers of grievances, suggestions and disputes: in, out and in again, without people."""

from __future__ import annotations

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, LedgerNote
from bihuan.core.history import RowFault, RowRefused
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.ledgers.actions.exporting import write_ledger
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.questions import how_to_answer
from bihuan.ledgers.said import all_here
from bihuan.ledgers.wording import explain, words
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.rows import Doubt
from tests.factories import NOW, make_officer, make_unit
from tests.ledgers.books import cells, counts, separated, xlsx
from tests.ledgers.pages import columns_of, work
from tests.ledgers.test_round_trip import forget_all_cases
from tests.ledgers.workbooks import workbook

pytestmark = pytest.mark.django_db

DAY, LATER = date(2026, 9, 1), date(2026, 9, 8)
PETITIONS = [
    {
        "工单编号": "GD-1", "诉求时间": DAY, "市民姓名": "周某某", "来电号码": "13812345678",
        "市民诉求": "路灯不亮。晚上看不清路", "问题点位": "东关路", "承办单位": "望湖镇",
        "办结期限": date(2026, 9, 30), "办理状态": "办理中", "办结时间": "", "备注": "二次来电",
    },
    {
        "工单编号": "GD-2", "诉求时间": DAY, "市民姓名": "吴某某", "来电号码": "13912345678",
        "市民诉求": "垃圾未清运", "问题点位": "西关路", "承办单位": "望湖镇",
        "办结期限": date(2026, 9, 9), "办理状态": "已办结", "办结时间": LATER, "备注": "",
    },
]  # fmt: skip
SUGGESTIONS = [
    {
        "提出时间": DAY, "建议人": "周某某", "建议内容": "在公园增设座椅", "承办单位": "望湖镇",
        "是否办结": "否", "是否采纳": "", "答复意见": "", "办结时间": "",
    },
    {
        "提出时间": DAY, "建议人": "吴某某", "建议内容": "延长图书馆开放时间", "承办单位": "望湖镇",
        "是否办结": "是", "是否采纳": "采纳", "答复意见": "自十月起延长。", "办结时间": LATER,
    },
]  # fmt: skip
DISPUTES = [
    {
        "排查时间": DAY, "当事人姓名": "周某某、吴某某", "身份证号": "", "纠纷名称": "田界争议",
        "纠纷简要情况": "两户相邻田界不清", "发生地点": "石桥村", "纠纷类型": "山林土地纠纷",
        "责任单位": "望湖镇", "调解员": "周调解", "是否化解": "化解中", "化解时间": "",
    },
    {
        "排查时间": DAY, "当事人姓名": "郑某某", "身份证号": "", "纠纷名称": "围墙纠纷",
        "纠纷简要情况": "围墙倒向邻家", "发生地点": "石桥村东头", "纠纷类型": "邻里纠纷",
        "责任单位": "望湖镇", "调解员": "周调解", "是否化解": "已化解", "化解时间": LATER,
    },
]  # fmt: skip


def table(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [list(rows[0]), *(list(row.values()) for row in rows)]


FILES = {"grievance": PETITIONS, "suggestion": SUGGESTIONS, "mediation": DISPUTES}
PEOPLE = ("周某某", "吴某某", "郑某某", "13812345678", "13912345678")
OPEN = {"grievance": "received", "suggestion": "received", "mediation": "noticed"}
ENDED = {"grievance": "closed", "suggestion": "adopted", "mediation": "settled"}
KINDS = pytest.mark.parametrize("kind", FILES)


@pytest.fixture
def county() -> Unit:
    county = make_unit(name="云岭县", code="530499")
    make_unit(county, name="望湖镇", kind=Unit.Kind.TOWN)
    return county


def take(path: Path, unit: Unit, kind: str, mapping: Mapping | None = None, **how: Any) -> Any:
    source = Source(path, path.name, unit, mapping, kind=kind)
    return take_in(source, words=words(), actor=None, now=NOW, **how)


@KINDS
def test_a_register_comes_in_row_by_row(kind: str, county: Unit, tmp_path: Path) -> None:
    result = take(xlsx(tmp_path / "台账.xlsx", table(FILES[kind])), county, kind)

    assert result.errors == []
    assert counts(result) == (2, 0, 0, 0)
    first, second = Case.objects.order_by("number")
    assert (first.kind, first.stage, second.stage) == (kind, OPEN[kind], ENDED[kind])
    assert first.owner.name == "望湖镇"
    assert second.ended_at


@KINDS
def test_columns_about_people_stay_out_and_it_is_said(
    kind: str, county: Unit, tmp_path: Path
) -> None:
    result = take(xlsx(tmp_path / "台账.xlsx", table(FILES[kind])), county, kind)

    assert result.left_out
    stored = [
        *Case.objects.values_list("title", "description", "place", "resolver_name"),
        *LedgerNote.objects.values_list("progress", "remark"),
        *Entry.objects.values_list("note", "detail"),
    ]
    assert not [name for name in PEOPLE if name in str(stored)]


@KINDS
def test_the_same_file_twice_changes_nothing(kind: str, county: Unit, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "台账.xlsx", table(FILES[kind]))
    take(path, county, kind)

    assert counts(take(path, county, kind)) == (0, 0, 2, 0)


@KINDS
def test_csv_in_gb18030_reads_the_same(kind: str, county: Unit, tmp_path: Path) -> None:
    path = separated(tmp_path / "台账.csv", table(FILES[kind]), "gb18030")

    assert counts(take(path, county, kind)) == (2, 0, 0, 0)


@KINDS
def test_what_is_written_out_is_unchanged_when_read_in(
    kind: str, county: Unit, tmp_path: Path
) -> None:
    take(xlsx(tmp_path / "台账.xlsx", table(FILES[kind])), county, kind)
    out = tmp_path / "out.xlsx"

    call_command("export", str(out), kind=kind)
    result = take(out, county, kind)

    assert counts(result) == (0, 0, 2, 0)
    assert not [name for name in PEOPLE if name in str(cells(out))]


@KINDS
def test_what_is_written_out_makes_the_same_cases_elsewhere(
    kind: str, county: Unit, tmp_path: Path
) -> None:
    take(xlsx(tmp_path / "台账.xlsx", table(FILES[kind])), county, kind)
    found = ("number", "stage", "title", "description", "place", "category", "ended_at")
    before = list(Case.objects.order_by("number").values(*found))
    out = tmp_path / "out.xlsx"
    call_command("export", str(out), kind=kind)
    forget_all_cases()

    result = take(out, county, kind)

    assert counts(result) == (2, 0, 0, 0)
    assert list(Case.objects.order_by("number").values(*found)) == before


def test_an_export_of_all_kinds_has_a_sheet_for_each(county: Unit, tmp_path: Path) -> None:
    for kind, rows in FILES.items():
        take(xlsx(tmp_path / f"{kind}.xlsx", table(rows)), county, kind)
    out = tmp_path / "all.xlsx"

    written = write_ledger(out, Case.objects.order_by("number"))

    assert written == 6
    names = openpyxl.load_workbook(out).sheetnames
    assert names == [types.of(kind).sheet for kind in FILES]


def test_a_word_that_does_not_say_finished_is_asked_about(county: Unit, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "台账.xlsx", table([{**PETITIONS[0], "办理状态": "已上报"}]))

    request = take(path, county, "grievance")

    assert counts(request) == (0, 0, 0, 1)
    assert request.unknown["closed"] == {"已上报": 1}


def test_a_stage_of_an_unwritten_opinion_is_no_new_case(county: Unit, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["反映时间", "标题", "环节"], [date(2026, 9, 1), "噪声", "已答复"]]

    result = take(xlsx(tmp_path / "台账.xlsx", rows), county, "grievance")

    assert counts(result) == (0, 0, 0, 1)
    assert not Case.objects.exists()


def test_the_command_takes_every_kind_and_says_the_same(county: Unit, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "台账.xlsx", table(PETITIONS))
    out = StringIO()

    call_command("import", str(path), kind="grievance", unit="530499", json=True, stdout=out)

    data = json.loads(out.getvalue().splitlines()[-1])
    assert (data["rows"], data["created"], data["refused"]) == (2, 2, 0)
    assert set(data["left_out"]) == {"市民姓名", "来电号码"}


def test_a_stage_of_another_kind_is_no_filter_for_an_export(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="rectifying"):
        call_command("export", str(tmp_path / "x.xlsx"), kind="grievance", stage="rectifying")


def test_an_officer_brings_in_a_register_of_disputes_on_the_page(
    county: Unit, client: Client
) -> None:
    client.force_login(make_officer(county, Power.COORDINATE, name="李调度"))
    header, *rows = table(DISPUTES)
    plain = [[str(cell) if isinstance(cell, date) else cell for cell in row] for row in rows]
    file = workbook(plain, header=header, name="排查台账.xlsx")

    client.post(reverse("ledgers:import"), {"file": file, "unit": county.pk, "kind": "mediation"})
    job = ImportJob.objects.get()
    client.post(reverse("ledgers:import-columns", args=[job.pk]), columns_of(job))
    job.refresh_from_db()
    assert (job.state, job.counts) == ("tried", [2, 0, 0, 0])
    client.post(reverse("ledgers:import-go", args=[job.pk]), {"refused": "good"})
    work()

    assert set(Case.objects.values_list("kind", "stage")) == {
        ("mediation", "noticed"),
        ("mediation", "settled"),
    }


@KINDS
def test_questions_changes_and_reasons_are_worded_for_the_kind(
    kind: str, county: Unit, tmp_path: Path
) -> None:
    words_of = {"grievance": "诉求", "suggestion": "意见建议", "mediation": "纠纷"}[kind]
    lines = table(FILES[kind][:1])
    source = Source(xlsx(tmp_path / "a.xlsx", lines), "a.xlsx", county, kind=kind)
    take_in(source, words=words(), actor=None, now=NOW)
    at = next(
        i for i, title in enumerate(lines[0]) if title in ("市民诉求", "建议内容", "纠纷名称")
    )
    lines[1][at] = f"{lines[1][at]}。请再看"
    lines[1] = [
        "" if title == "工单编号" else cell for title, cell in zip(lines[0], lines[1], strict=True)
    ]
    again = Source(xlsx(tmp_path / "b.xlsx", lines), "b.xlsx", county, kind=kind)

    result = take_in(again, words=words(), actor=None, now=NOW, dry_run=True)

    (_row, _column, reason) = all_here(result.asks)[0]
    assert words_of in reason
    assert "隐患" not in reason
    assert "title" not in reason
    assert "隐患" not in how_to_answer(1, "2", kind, Doubt)
    for fault in RowFault:
        if fault not in (RowFault.RESEMBLES, *OF_HAZARDS):
            answer = explain(RowRefused(fault, "title"), kind)
            assert not re.search("隐患|销号|整改|发现", answer), answer


OF_HAZARDS = (
    RowFault.NO_DEADLINE, RowFault.MAJOR_WITHOUT_STANDARD, RowFault.VERIFIED_BY_RESOLVER,
    RowFault.DOWNGRADED, RowFault.CLOSURE_WAITS,
)  # fmt: skip


@pytest.mark.parametrize("kind", ["grievance", "suggestion"])
def test_a_corrected_word_of_a_row_without_a_place_is_asked_about(
    kind: str, county: Unit, tmp_path: Path
) -> None:
    column = {"grievance": "市民诉求", "suggestion": "建议内容"}[kind]
    row = {**FILES[kind][0], "工单编号": "", "问题点位": "", column: "在公园东门增设座椅"}
    take(xlsx(tmp_path / "a.xlsx", table([row])), county, kind)
    later = {**row, column: "在公园东门增设长座椅"}
    other = {**row, column: "延长图书馆周末开放时间"}

    result = take(xlsx(tmp_path / "b.xlsx", table([later, other])), county, kind)

    assert [place[0] for place in result.asks] == [2]
    assert counts(result) == (1, 0, 0, 1)
