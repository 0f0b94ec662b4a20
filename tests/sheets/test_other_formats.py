"""What .ods and .xls workbooks say is read like .xlsx, or refused where it could be lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from bihuan.sheets.limits import ORDINARY, Limits
from bihuan.sheets.reader import Broken, Sheet, SheetRow, open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.wording import explain

LEDGERS = Path(__file__).parents[1] / "data/other_formats"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "draw")
)


def read(path: Path, limits: Limits = ORDINARY) -> list[SheetRow]:
    with open_table(path, limits=limits) as table:
        return list(table.rows)


def refusal(path: Path, limits: Limits = ORDINARY) -> SheetRefused:
    with pytest.raises(SheetRefused) as caught:
        read(path, limits)
    return caught.value


def ods(path: Path, rows: str, *, styles: str = "", after: str = "") -> Path:
    """A workbook of one sheet with these row elements, as another program may write them."""
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f'<office:spreadsheet><table:table table:name="S">{rows}</table:table>{after}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def row(*cells: str, how: str = "") -> str:
    return f"<table:table-row {how}>{''.join(cells)}</table:table-row>"


def cell(words: str = "", how: str = "", kind: str = "string") -> str:
    answer = f"<text:p>{words}</text:p>" if words else ""
    return f'<table:table-cell office:value-type="{kind}" {how}>{answer}</table:table-cell>'


def error(shown: str) -> Broken:
    return Broken("error", shown)


# ------------------------------------------------------- as LibreOffice saves them
@pytest.mark.parametrize("calendar", ["", "_1904"])
@pytest.mark.parametrize(
    ("suffix", "not_a_number", "yes", "no"),
    [("ods", "Err:502", 1.0, 0.0), ("xls", "#VALUE!", True, False)],
)
def test_every_cell_is_read_or_known_to_be_an_error(
    suffix: str, not_a_number: str, yes: object, no: object, calendar: str
) -> None:
    rows = read(LEDGERS / f"ledger{calendar}.{suffix}")

    lost = error(not_a_number)
    assert rows == [
        ["隐患描述", "责任单位", "整改期限", "整改资金", "是否重大"],
        ["灭火器过期  两具", error("#N/A"), date(2026, 3, 1), error("#DIV/0!"), yes],
        ["护栏\n松动", "一组", datetime(2026, 3, 2, 8, 30), lost, no],
        ["配电箱未上锁", "", time(9, 30), error("#NAME?"), yes],
        ["ab", "二组", timedelta(hours=30), error("#DIV/0!"), ""],
        ["楼道堆物", error("#N/A"), 46082.0, 1.5, lost],
        ["", "", "合并", "", ""],
        ["", "", "", "", ""],
        [error("#REF!"), " 前后 ", -3.0, 0.25, error("#N/A")],
    ]


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_what_else_is_said_of_rows_is_known(suffix: str) -> None:
    with open_table(LEDGERS / f"ledger.{suffix}") as table:
        rows = list(table.rows)

    assert table.sheets == (Sheet("隐患台账", False), Sheet("隐藏", True), Sheet("空", False))
    assert table.hidden_columns == (4,)
    assert [at for at, each in enumerate(rows, start=1) if each.hidden] == [5]
    assert [list(each.struck) for each in rows][3] == [0]
    assert rows[1].notes == {0: "见照片"}
    assert rows[3].above == {1: (3, "一组")}


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_the_calendar_of_a_bare_number_is_known(suffix: str) -> None:
    for calendar, is_1904 in (("", False), ("_1904", True)):
        with open_table(LEDGERS / f"ledger{calendar}.{suffix}") as table:
            assert table.epoch_1904 is is_1904


def test_a_binary_workbook_is_refused_with_advice() -> None:
    refused = refusal(LEDGERS / "calamine_date.xlsb")

    assert refused.fault is SheetFault.BINARY_WORKBOOK
    assert ".xlsx" in explain(refused)


# ---------------------------------------------------------- as other programs do
@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (cell("#DIV/0!", 'table:formula="of:=1/0" office:value="0"', "float"), error("#DIV/0!")),
        (cell("Err:508", 'table:formula="of:=(1"'), error("Err:508")),
        (cell("错误:502", 'table:formula="of:=SQRT(-1)"'), error("错误:502")),
        ('<table:table-cell table:formula="of:=[.A1]+1"/>', Broken("unsaved_formula", "=[.A1]+1")),
        (cell("", 'office:value="inf"', "float"), error("inf")),
        (cell("3", 'office:value="x"', "float"), error("x")),
        (cell("", 'office:string-value="只在属性里"'), "只在属性里"),
        (cell("1月1日", 'office:date-value="-001-01-01"', "date"), "1月1日"),
        (cell("", 'office:date-value="2026-13-45"', "date"), error("2026-13-45")),
        (cell("", 'office:time-value="PT999999999999H"', "time"), error("PT999999999999H")),
        (cell("是", 'office:boolean-value="true"', "boolean"), True),
        (cell("8时", 'office:time-value="-PT1H"', "time"), timedelta(hours=-1)),
        (cell("甲<text:span>乙</text:span>\n <text:tab/>丙<text:line-break/>丁"), "甲乙 \t丙\n丁"),
        (cell("甲<text:s text:c='3'/>乙"), "甲   乙"),
        (cell("甲<draw:frame><text:p>画中字</text:p></draw:frame>乙"), "甲乙"),
        ('<table:table-cell><text:p>没有类型</text:p></table:table-cell>', "没有类型"),
    ],
)  # fmt: skip
def test_a_cell_says_what_it_shows(tmp_path: Path, written: str, read_as: object) -> None:
    path = ods(tmp_path / "ledger.ods", row(cell("题"), written))

    assert read(path) == [["题", read_as]]


def test_what_is_repeated_is_there_as_often(tmp_path: Path) -> None:
    twice = 'table:number-columns-repeated="2"'
    path = ods(
        tmp_path / "ledger.ods",
        row(cell("a", twice), cell(kind="void"), cell("b"))
        + row("<table:table-cell/>", how='table:number-rows-repeated="3"')
        + row(cell("c"), how='table:number-rows-repeated="2"')
        + row("<table:table-cell/>", how='table:number-rows-repeated="1048570"'),
    )

    assert read(path) == [
        ["a", "a", "", "b"], *[[""] * 4] * 3, ["c", "", "", ""], ["c", "", "", ""]
    ]  # fmt: skip


def test_rows_and_columns_without_end_are_refused(tmp_path: Path) -> None:
    rows = ods(tmp_path / "rows.ods", row(cell("a"), how='table:number-rows-repeated="900000"'))
    columns = ods(tmp_path / "columns.ods", row(cell("a", 'table:number-columns-repeated="16384"')))
    false = ods(tmp_path / "false.ods", row(cell("a", 'table:number-columns-repeated="9e9"')))

    assert refusal(rows).fault is SheetFault.TOO_MANY_ROWS
    assert refusal(columns).fault is SheetFault.TOO_MANY_COLUMNS
    assert refusal(false).fault is SheetFault.DAMAGED


def test_tables_kept_for_formulas_are_no_sheets(tmp_path: Path) -> None:
    of_another_file = (
        "<table:table table:name=\"'file:///b.ods'#S\"><table:table-source/>"
        f"{row(cell('b'))}</table:table>"
    )
    stored = f'<table:table table:name="D">{row(cell("d"))}</table:table>'
    path = ods(
        tmp_path / "ledger.ods",
        row(cell("a")),
        after=of_another_file + f"<table:dde-links>{stored}</table:dde-links>",
    )

    with open_table(path) as table:
        assert list(table.rows) == [["a"]]
        assert not table.others


def test_a_broken_ods_is_damaged(tmp_path: Path) -> None:
    assert refusal(ods(tmp_path / "a.ods", "<table:table-row>")).fault is SheetFault.DAMAGED


# ----------------------------------------------------------------- what is too much
def test_an_ods_that_is_too_large_is_to_be_saved_as_xlsx(tmp_path: Path) -> None:
    path = ods(tmp_path / "ledger.ods", row(cell("a" * 30_000)) * 100)

    refused = refusal(path, replace(ORDINARY, inflated_bytes=1 << 20))

    assert refused.fault is SheetFault.TOO_MUCH_INSIDE
    assert "另存为 .xlsx" in explain(refused)


@pytest.mark.parametrize("saved", [bytes(8), b"\x03" + bytes(5) + b"\xff\xff"])
def test_xls_counts_formulas_of_which_nothing_tells_whether_they_were_worked_out(
    saved: bytes, tmp_path: Path
) -> None:
    content = (LEDGERS / "F1_error_cells.xls").read_bytes()
    formula = bytes.fromhex("020005000f0002002a000000ffff")  # row 3, F: #N/A
    path = tmp_path / "unsure.xls"
    path.write_bytes(content.replace(formula, formula[:6] + saved))

    with open_table(LEDGERS / "F1_error_cells.xls") as table:
        before = table.unsure_formulas
    with open_table(path) as table:
        after = table.unsure_formulas

    assert (before, after) == (0, 1)
