"""The hazard ledger that is imported: 20 columns in the usual Chinese form."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import xlsxwriter

from tools.bench.hazards import Hazard, made

TITLES = (
    "序号", "检查日期", "场所", "隐患描述", "等级", "责任单位", "责任人", "整改措施", "整改资金",
    "整改期限", "整改情况", "验收人", "验收日期", "是否销号", "备注", "隐患类别", "检查人",
    "应急预案", "经度", "纬度",
)  # fmt: skip
DONE = "已整改完毕，现场恢复正常"


def write(path: Path, rows: int, *, today: date) -> None:
    """Write rows, 97 percent of them closed, as .xlsx or .csv by suffix."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(chain([TITLES], _rows(rows, today)))
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("隐患台账")
        sheet.write_row(0, 0, TITLES)
        for number, cells in enumerate(_rows(rows, today), start=1):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, _midnight(value), day)
                elif value != "":
                    sheet.write(number, column, value)


def _rows(rows: int, today: date) -> Iterator[tuple[object, ...]]:
    for number, hazard in enumerate(made(rows, today=today, open_part=0.03), start=1):
        yield _cells(number, hazard)


def _cells(number: int, hazard: Hazard) -> tuple[object, ...]:
    ended = hazard.ended
    return (
        number, hazard.found, hazard.place, hazard.description,
        "重大" if hazard.major and ended else "一般", hazard.village.name, hazard.village.officer,
        hazard.measures, hazard.budget, hazard.deadline, DONE if ended else "",
        hazard.verifier if ended else "", ended or "", "是" if ended else "否", "", hazard.category,
        hazard.finder, "整改前专人值守", hazard.longitude, hazard.latitude,
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day, as workbooks keep it
