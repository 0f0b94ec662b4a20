"""Ledgers as offices really send them: every file ends as its README says.

One test or more for each file, named after it; `tests/data/ledgers_found/README.md` says what is
in each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case, CaseWords
from bihuan.hazards.models import Hazard
from bihuan.journal.models import Entry
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.said import all_here
from bihuan.ledgers.sheet import sheet_said
from bihuan.orgs.management.commands import load_district
from bihuan.orgs.models import Unit
from tests.ledgers.books import cells, counts, hazard, table, take, xlsx

pytestmark = pytest.mark.django_db

FOUND = Path(__file__).parents[1] / "data/ledgers_found"
OTHER_FORMATS = Path(__file__).parents[1] / "data/other_formats"
DISTRICT = Path(load_district.__file__).parents[2] / "data/demo_district.toml"


def read_in(name: str, demo_county: Unit, **how: Any) -> Result:
    return take(FOUND / name, demo_county, **how)


def refused_at(result: Result) -> list[str]:
    """Where and why rows were refused, as `F2: …`."""
    return [reason for _row, _column, reason in all_here([*result.errors, *result.asks])]


def test_every_file_is_spoken_of() -> None:
    described = (FOUND / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in FOUND.iterdir()} - {"README.md"}

    assert files
    assert not [name for name in files if name not in described]


# ------------------------------------------------------- P01: people in words
def test_p01_names_and_numbers_of_people_are_masked_before_anything_is_stored(
    demo_county: Unit,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    refused = tmp_path / "refused.xlsx"

    result = read_in("P01_person_in_text.xlsx", demo_county, errors_to=refused)

    first, second = Case.objects.order_by("number")[:2]
    assert counts(result) == (5, 0, 0, 0)
    assert "群众×××（身份证×××，电话×××）举报通道堵塞" in (first.title, first.description)
    assert second.hazard.remark == "联系人×××"
    assert result.noted["masked"] == 2
    stored = str(
        [
            *Case.objects.values_list("title", "description"),
            *CaseWords.objects.values_list("words"),
            *Entry.objects.values_list("note", "detail"),
        ]
    )
    call_command("export", str(tmp_path / "out.xlsx"), kind="hazard")
    told = stored + str(cells(tmp_path / "out.xlsx")) + caplog.text + capfd.readouterr().out
    for text in ("张某某", "李某1", "530499194912310024", "13800000000", "13800000014"):
        assert text not in told


def test_p01_refused_rows_are_handed_back_without_people(demo_county: Unit, tmp_path: Path) -> None:
    path, refused = tmp_path / "台账.xlsx", tmp_path / "refused.xlsx"
    row = hazard(隐患描述="举报人王强13800000000称通道堵塞", 整改期限="长期")
    xlsx(path, table([row]))

    result = take(path, demo_county, errors_to=refused)

    assert counts(result) == (0, 0, 0, 1)
    handed_back = str(cells(refused))
    assert "138" not in handed_back
    assert "王强" not in handed_back


# ------------------------------------------------------------------ lost values
@pytest.mark.parametrize(
    "path",
    [
        FOUND / "F1_error_cells.xlsx",
        OTHER_FORMATS / "F1_error_cells.ods",
        OTHER_FORMATS / "F1_error_cells.xls",
    ],
    ids=lambda path: path.suffix,
)
def test_f1_error_cells_hand_back_their_rows(demo_county: Unit, path: Path) -> None:
    result = take(path, demo_county)

    assert counts(result) == (1, 0, 0, 4)
    assert refused_at(result) == [
        "F3：#N/A，公式出错",
        "H4：#REF!，公式出错",
        "G5：#NAME?，公式出错",
        "E6：#VALUE!，公式出错",
    ]


def test_d16_no_case_is_made_of_a_formula_without_its_value(demo_county: Unit) -> None:
    result = read_in("D16_error_cells.xlsx", demo_county)

    unsaved = "公式没有保存计算结果，请打开文件并保存一次"
    assert counts(result) == (0, 0, 0, 6)
    assert refused_at(result) == [
        "F2：#N/A，公式出错",
        "J3：#REF!，公式出错",
        "N4：#VALUE!，公式出错",
        f"F5：{unsaved}",
        f"J6：{unsaved}",
        "E7：#NAME?，公式出错",
    ]
    assert not Case.objects.exists()


# ---------------------------------------------------------------- merged cells
def told(case: Case) -> tuple[object, ...]:
    found = Hazard.objects.get(case=case).found_date.isoformat()
    return found, case.place, case.owner.name, case.resolver_name


@pytest.mark.parametrize(
    "path",
    [
        FOUND / "D02_merged_cells.xlsx",
        OTHER_FORMATS / "D02_merged_cells.ods",
        OTHER_FORMATS / "D02_merged_cells.xls",
    ],
    ids=lambda path: path.suffix,
)
def test_d02_merged_cells_spread_over_their_rows(demo_county: Unit, path: Path) -> None:
    result = take(path, demo_county)

    same = ("2026-09-01", "东关百货商场", "云榆镇人民政府", "白若兰")
    assert counts(result) == (4, 0, 0, 0)
    assert [told(case) for case in Case.objects.order_by("pk")][:3] == [same] * 3
    assert told(Case.objects.order_by("pk")[3]) != same


def test_d02b_a_merged_unit_is_never_the_county(demo_county: Unit) -> None:
    result = read_in("D02b_merged_unit.xlsx", demo_county)

    assert counts(result) == (3, 0, 0, 0)
    assert {told(case)[2:] for case in Case.objects.all()} == {("青杉镇人民政府", "白若兰")}


# ---------------------------------------------------------------- other sheets
def said_of_the_sheet(result: Result) -> list[str]:
    return list(sheet_said(result.as_json()))


def test_d08_the_months_that_were_not_read_are_named(demo_county: Unit) -> None:
    result = read_in("D08_month_sheets.xlsx", demo_county)

    assert counts(result) == (1, 0, 0, 0)
    assert said_of_the_sheet(result) == [
        "未读取的工作表：8月（2 行）、9月（2 行）",
        "没有表格的工作表：填表说明",
    ]


def test_d08b_the_sheet_with_the_best_titles_is_read(demo_county: Unit) -> None:
    result = read_in("D08b_summary_first.xlsx", demo_county)

    assert counts(result) == (1, 0, 0, 0)
    assert result.as_json()["sheet"] == "台账"
    assert said_of_the_sheet(result) == ["未读取的工作表：汇总（2 行）"]


def test_f11_the_second_sheet_is_named_and_can_be_chosen(demo_county: Unit) -> None:
    first = read_in("F11_second_sheet.xlsx", demo_county)
    second = read_in("F11_second_sheet.xlsx", demo_county, sheet="二季度")

    assert said_of_the_sheet(first) == ["未读取的工作表：二季度（2 行）"]
    assert said_of_the_sheet(second) == ["未读取的工作表：一季度（1 行）"]
    assert counts(second) == (2, 0, 0, 0)


# --------------------------------------------------------------- hidden and noted
def test_d09_hidden_rows_and_columns_are_read_and_named(demo_county: Unit) -> None:
    result = read_in("D09_hidden_rows.xlsx", demo_county)

    assert counts(result) == (5, 0, 0, 0)
    assert Hazard.objects.get(progress__gt="").progress == "隐藏列的内容"
    assert said_of_the_sheet(result) == ["工作表设有筛选；全部行都已读取，不只是筛选后显示的行"]
    assert result.as_json()["hidden_columns"] == ["K"]
    hidden = [row for row, _column, words in all_here(result.notes) if "隐藏" in words]
    assert hidden == [3, 5]
