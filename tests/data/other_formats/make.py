"""Writes ledger.xlsx and ledger_1904.xlsx, of which the .ods and .xls files here are made."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FORMULAS: tuple[list[object], ...] = (
    ["隐患描述", "责任单位", "整改期限", "整改资金", "是否重大"],
    ["灭火器过期  两具", "=NA()", date(2026, 3, 1), "=1/0", True],
    ["护栏\n松动", "一组", datetime(2026, 3, 2, 8, 30), '=VALUE("x")', False],
    ["配电箱未上锁", None, time(9, 30), "=NOSUCHNAME+1", "=TRUE()"],
    ['=CONCATENATE("a","b")', "二组", timedelta(hours=30), "=D2+1", '=""'],
    ["楼道堆物", '=VLOOKUP("x",A1:B2,2,FALSE)', 46082, 1.5, "=SQRT(-1)"],
    [],
    [],
    ["=#REF!+1", " 前后 ", -3, 0.25, "#N/A"],
)
FORMATS = {
    "C2": "yyyy-mm-dd",
    "C3": "yyyy-mm-dd hh:mm",
    "C4": "hh:mm",
    "C5": "[h]:mm:ss",
    "C6": "General",
    "D9": "0%",
}


def make(path: Path, *, is_1904: bool) -> None:
    book = Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = "隐患台账"
    for row in FORMULAS:
        sheet.append(row)
    for cell, code in FORMATS.items():
        sheet[cell].number_format = code
    sheet["C7"] = "合并"
    sheet.merge_cells("B3:B4")
    sheet.merge_cells("C7:D8")
    sheet["A4"].font = Font(strike=True)
    sheet["A2"].comment = Comment("见照片", "")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["E"].hidden = True
    hidden = book.create_sheet("隐藏")
    hidden.append(["a"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空")
    book.save(path)


if __name__ == "__main__":
    make(Path("ledger.xlsx"), is_1904=False)
    make(Path("ledger_1904.xlsx"), is_1904=True)
