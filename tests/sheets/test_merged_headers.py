"""Merged cells show which headers are groups, and untitled columns are named by their letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from bihuan.sheets.columns import Layout, Role, guess_layout
from bihuan.sheets.personal import Personal
from bihuan.sheets.reader import open_table
from bihuan.sheets.titles import Title
from tests.sheets.test_header import HINTS, RECORD, SYNONYMS, TITLES, layout_of


def written(
    path: Path, *rows: Sequence[object], merged: list[tuple[int, int, int, int, str]]
) -> Path:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for cells in merged:
            sheet.merge_range(*cells)
    path.write_bytes(out.getvalue())
    return path


def layout_in(path: Path) -> Layout:
    with open_table(path) as table:
        return guess_layout(list(table.rows), SYNONYMS, HINTS)


@pytest.mark.parametrize(
    ("below", "titles"),
    [
        (("开始", "结束"), ["整改期限 / 开始", "整改期限 / 结束"]),
        (("", "延期至"), ["整改期限", "整改期限 / 延期至"]),
    ],
)
def test_two_rows_are_the_header_where_cells_of_the_upper_one_are_merged(
    tmp_path: Path, below: tuple[str, str], titles: list[str]
) -> None:
    path = written(
        tmp_path / "a.xlsx",
        ["检查日期", "场所", "隐患描述", "", ""],
        ["", "", "", *below],
        ["2026-09-01", "商场", "堵塞", "2026-09-02", "2026-09-20"],
        merged=[(0, 3, 0, 4, "整改期限"), *((0, c, 1, c, TITLES[c]) for c in range(3))],
    )

    layout = layout_in(path)

    assert (layout.header_row, layout.data_row) == (1, 3)
    assert [column.title for column in layout.columns] == [*TITLES[:3], *titles]


def test_a_merged_title_above_the_table_is_no_group(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx", [""], TITLES[:4], RECORD[:4],
        merged=[(0, 0, 0, 2, "2026年9月台账"), (0, 3, 0, 4, "填报单位：云榆镇")],
    )  # fmt: skip

    assert layout_in(path).header_row == 2


def test_the_rest_of_a_merged_header_belongs_to_it(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx",
        [*TITLES[:3], "", "", ""],
        ["2026-09-01", "商场", "堵塞", "周某某", "东关路8号", "劝返"],
        merged=[(0, 3, 0, 4, "举报人")],
    )

    columns = layout_in(path).columns

    assert [c.title for c in columns[3:]] == ["举报人", "举报人 [E]", "[F]"]
    assert [c.personal for c in columns[3:]] == [
        Personal.PERSON, Personal.PERSON, Personal.UNTITLED,
    ]  # fmt: skip


def test_a_column_without_a_header_is_named_by_its_letter_if_it_is_not_empty() -> None:
    layout = layout_of([*TITLES[:3], "", "", "备注"], [*RECORD[:3], "", "x", "", "y"])

    assert [c.title for c in layout.columns[3:]] == ["", "[E]", "备注", "[G]"]
    assert {c.role for c in layout.columns[3:]} == {Role.OTHER}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("检查\n日期", "检查日期"),
        ("检查 \r\n 日期", "检查日期"),
        ("Due\nDate", "Due Date"),
        ("检 查 日 期", "检 查 日 期"),
    ],
)
def test_a_header_is_shown_on_one_line(title: str, shown: str) -> None:
    assert Title(title).shown == shown


@pytest.mark.parametrize(
    "title",
    [
        "检查\n日期",
        "检 查 日 期",
        "检　查　日　期",
        "＊检查日期",
        "检查日期：",
        "检查日期（必填）",
        "检\u200b查日期",
    ],
)
def test_breaks_blanks_and_full_width_letters_do_not_hide_a_header(title: str) -> None:
    layout = layout_of([title, *TITLES[1:]], RECORD)

    assert layout.mapping["found_date"] == 0


def test_a_header_of_a_unit_and_its_officer_is_that_of_the_unit() -> None:
    hints = replace(HINTS, pairs={"unit": "resolver_name"})
    for title in ("责任单位及责任人", "责任单位／责任人", "责任单位\n责任人", "责任人和责任单位"):
        layout = guess_layout([[*TITLES[:3], title], RECORD[:4]], SYNONYMS, hints)

        assert layout.mapping["unit"] == 3, title
