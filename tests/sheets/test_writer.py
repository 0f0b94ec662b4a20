import json
import time as clock
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from bihuan.sheets.reader import Broken, Cell, open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.values import text
from bihuan.sheets.writer import (
    Heading,
    RefusedCell,
    RefusedRow,
    Value,
    write_refused,
    write_table,
)

DATA = Path(__file__).parents[1] / "data"
NAUGHTY = json.loads(
    (DATA / "hostile_inputs/naughty_strings/blns_part.json").read_text(encoding="utf-8")
)
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")']
TRICKY = [
    "_x000D_",
    "a_x0041_b",
    "a\r\nb",
    "a\x01b",
    " led",
    "trailed ",
    "\n",
    "http://x.cn",
    "007",
]


def written(path: Path, *rows: Sequence[Value]) -> Path:
    write_table(path, sheet="台账", headings=[Heading("甲"), Heading("乙")], rows=rows)
    return path


def read(path: Path) -> list[list[Cell]]:
    with open_table(path) as table:
        return list(table.rows)


def test_naughty_strings_come_back_letter_for_letter(tmp_path: Path) -> None:
    strings = [*NAUGHTY, *DANGEROUS, *TRICKY]

    rows = read(written(tmp_path / "out.xlsx", *[[one, "x"] for one in strings]))

    assert [row[0] for row in rows[1:]] == strings


def test_every_letter_of_clean_text_comes_back(tmp_path: Path) -> None:
    letters = [chr(n) for n in range(0x20000) if text(chr(n))]
    strings = ["".join(letters[n : n + 500]) for n in range(0, len(letters), 500)]

    rows = read(written(tmp_path / "out.xlsx", *[[f"x{one}x", "x"] for one in strings]))

    assert [row[0] for row in rows[1:]] == [f"x{one}x" for one in strings]


def test_a_text_that_begins_like_a_formula_is_a_quoted_text(tmp_path: Path) -> None:
    path = written(tmp_path / "out.xlsx", *[[one, "plain"] for one in DANGEROUS])

    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    for number in range(2, len(DANGEROUS) + 2):
        assert sheet.cell(number, 1).data_type == "s"
        assert sheet.cell(number, 1).quotePrefix
        assert not sheet.cell(number, 2).quotePrefix
    with ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_values_keep_their_kinds(tmp_path: Path) -> None:
    values: list[Value] = [
        True,
        2.5,
        Decimal("1200.05"),
        date(2025, 3, 1),
        datetime(2018, 4, 12, 0, 45, 48),
        time(10, 1, 2),
        timedelta(hours=26),
        None,
        date(1899, 1, 1),
    ]

    rows = read(written(tmp_path / "out.xlsx", values))

    assert rows[1] == [*values[:2], 1200.05, *values[3:7], "", "1899-01-01"]


def test_the_same_data_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(tmp_path / "first.xlsx", [date(2025, 3, 1), "=1"]).read_bytes()
    monkeypatch.setattr(clock, "time", lambda: 2e9)

    second = written(tmp_path / "second.xlsx", [date(2025, 3, 1), "=1"]).read_bytes()

    assert first == second


def test_the_header_stays_in_sight_filters_and_prints_on_each_page(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path / "out.xlsx", ["a", "b"], ["c", "d"])).active

    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


def test_a_sheet_name_loses_what_excel_forbids() -> None:
    out = BytesIO()

    count = write_table(out, sheet="台账/2025:[一]" + "长" * 40, headings=[Heading("甲")], rows=[])

    assert count == 0
    assert len(openpyxl.load_workbook(out).sheetnames[0]) == 31


def test_a_text_that_no_cell_can_hold_is_refused_not_cut(tmp_path: Path) -> None:
    with pytest.raises(SheetRefused) as caught:
        written(tmp_path / "out.xlsx", ["x", "y" * 32_768])

    assert caught.value.fault is SheetFault.CELL_TOO_LONG
    assert caught.value.details == {"row": 2, "column": 2, "limit": 32_767}


def refused_file(path: Path, *, titles: list[Cell]) -> Path:
    write_refused(
        path,
        sheet="退回",
        header=[["青山县台账", "", ""], titles],
        rows=[
            RefusedRow(["堵塞", "尽快", "=1"], [RefusedCell("“尽快”不是日期", column=1)]),
            RefusedRow(
                ["", date(2025, 3, 1)],
                [RefusedCell("缺少描述", column=0), RefusedCell("与第 3 行重复")],
            ),
        ],
        reason_title="退回原因",
    )
    return path


def test_refused_rows_come_back_under_their_header_with_their_reasons(tmp_path: Path) -> None:
    path = refused_file(tmp_path / "errors.xlsx", titles=["描述", "期限", "备注"])

    assert read(path) == [
        ["青山县台账", "", "", ""],
        ["描述", "期限", "备注", "退回原因"],
        ["堵塞", "尽快", "=1", "“尽快”不是日期"],
        ["", date(2025, 3, 1), "", "缺少描述\n与第 3 行重复"],
    ]


def test_the_refused_cell_is_coloured_and_says_why(tmp_path: Path) -> None:
    path = refused_file(tmp_path / "errors.xlsx", titles=["描述", "期限", "备注"])

    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    marked = {cell.coordinate for row in sheet.iter_rows(3) for cell in row if cell.fill.fill_type}
    assert marked == {"B3", "A4"}
    comment = sheet["B3"].comment
    assert comment is not None
    assert comment.text == "“尽快”不是日期"


def test_a_file_that_is_refused_again_has_one_column_of_reasons(tmp_path: Path) -> None:
    path = refused_file(tmp_path / "errors.xlsx", titles=["描述", "期限", "退回原因"])

    assert read(path)[1] == ["描述", "期限", "退回原因"]


def test_lost_values_come_back_as_lost(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    shown = ["#REF!", "Err:502", "错误：508", "#WERT!"]
    lost = [Broken("unsaved_formula", "=A1"), *(Broken("error", each) for each in shown)]

    write_refused(
        out, sheet="S", header=[["甲"] * 5], rows=[RefusedRow(lost, [])], reason_title="原因"
    )

    back = [cell.shown for cell in read(out)[1][:5] if isinstance(cell, Broken)]
    assert back == ["#N/A", "#REF!", "Err:502", "错误：508", "#N/A"]


def test_refused_days_come_back_in_their_own_calendar(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    row = RefusedRow([44000.0, date(1904, 1, 1), date(2026, 9, 1)], [])

    write_refused(
        out,
        sheet="S",
        header=[["甲", "乙", "丙"]],
        rows=[row],
        reason_title="原因",
        epoch_1904=True,
    )

    assert openpyxl.load_workbook(out).epoch == datetime(1904, 1, 1)
    assert read(out)[1][:3] == [44000.0, "1904-01-01", date(2026, 9, 1)]
