"""Generate the sample ledger: a county's hazards as offices really record them, errors included.

`python -m tools.sample_ledger` regenerates the bundled one. The demo generates its own with
`--today`, so that on any day some hazards are overdue, some due today and most of them closed.
"""

import argparse
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from xlsxwriter import Workbook

ROOT = Path(__file__).resolve().parent.parent
CONTENT = Path(__file__).with_name("sample_hazards.toml")
BUNDLED = ROOT / "bihuan" / "hazards" / "ledger" / "sample.xlsx"
BUNDLED_DAY = date(2026, 9, 15)

TITLE = "云榆县安全隐患排查整治台账"
COLUMNS = {
    "序号": 6, "检查日期": 12, "场所": 20, "隐患描述": 36, "等级": 8, "判定依据": 18,
    "责任单位": 20, "责任人": 9, "整改措施": 30, "整改资金（万元）": 11, "整改期限": 12,
    "整改情况": 26, "验收人": 9, "验收日期": 12, "是否销号": 8, "备注": 14, "举报人": 9,
    "联系电话": 13,
}  # fmt: skip
ROWS = 300
# Days until each open hazard is due; the others are closed, or wait for something else.
OVERDUE = (-41, -33, -25, -18, -15, -12, -9, -7, -5, -4, -3, -2, -1, -1)
DUE_SOON = (0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 7)
DUE_LATER = tuple(range(9, 55, 2))
WITHOUT_TERM, CHECKED, TWICE = 6, 8, 4
UNDER_WAY = ("", "正在组织实施", "已签订合同，材料进场", "已完成一半")

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Row:
    """One hazard before it is formatted inconsistently."""

    found: date
    place: str
    finding: str
    unit: str
    officer: str
    measures: str
    budget: int
    due: date | None
    checker: str
    progress: str = ""
    checked: date | None = None
    closed: bool = False
    grade: str = "一般"
    standard: str = ""
    remark: str = ""
    # A cell as the office wrote it, if it is unreadable or implausible.
    wrong: tuple[str, Cell] | None = None


# ------------------------------------------------------------------- the hazards
class Inventor:
    """Generates hazards around one day, reproducibly."""

    def __init__(self, today: date) -> None:
        self.today, self.random = today, Random(20260915)  # noqa: S311 - only to look random
        content = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
        self._sites = [
            (site, kind["hazards"])
            for kind in content["kinds"]
            for site in kind["sites"]
            for _ in site["places"]
        ]
        self._majors = content["majors"]
        self._turn = 0

    def rows(self) -> list[Row]:
        """Yield every hazard of the ledger, oldest first."""
        made = [*self._open(), *map(self._major, self._majors), *self._impossible()]
        made += [self._checked() for _ in range(CHECKED)]
        made += [self._closed() for _ in range(ROWS - len(made) - TWICE)]
        plain = [row for row in made if row.closed and row.wrong is None]
        made += self.random.sample(plain, TWICE)
        return sorted(made, key=lambda row: row.found)

    def _found(self, days_ago: int) -> tuple[Row, int]:
        """Return a hazard found this many days ago, and how many days its fix takes."""
        site, hazards = self._sites[self._turn * 7 % len(self._sites)]
        _kind, finding, measures, progress, budget, days = self.random.choice(hazards)
        self._turn += 1
        number = str(self.random.randint(2, 9))
        row = Row(
            found=self.today - timedelta(days_ago),
            place=self.random.choice(site["places"]),
            finding=finding.replace("{n}", number),
            unit=site["unit"],
            officer=site["officer"],
            measures=measures.replace("{n}", number),
            budget=int(round(budget * self.random.choice((0.5, 0.8, 1, 1, 1.2, 1.5)), -2)),
            due=None,
            checker=site["checker"],
            progress=progress.replace("{n}", number),
        )
        return row, days

    def _open(self) -> Iterator[Row]:
        for due_in in (*OVERDUE, *DUE_SOON, *DUE_LATER):
            row, _ = self._found(self.random.randint(3, 12) + max(0, -due_in))
            under_way = self.random.choice(
                ("", "正在组织实施", "已签订合同，材料进场", "已完成一半")
            )
            yield replace(row, due=self.today + timedelta(due_in), progress=under_way, checker="")
        for _ in range(WITHOUT_TERM):
            row, _ = self._found(self.random.randint(0, 3))
            yield replace(row, progress="", measures="", budget=0, checker="", officer="")

    def _checked(self) -> Row:
        """Return a hazard that is fixed and verified, but not yet closed."""
        row, days = self._found(self.random.randint(8, 30))
        checked = self.today - timedelta(self.random.randint(0, 5))
        return replace(row, due=row.found + timedelta(max(days, 7)), checked=checked)

    def _closed(self, days_ago: int = 0) -> Row:
        row, days = self._found(days_ago or self.random.randint(40, 255))
        late = self.random.randint(1, 9) if self.random.random() < 0.12 else 0
        took = days + late if late else self.random.randint(1, days)
        checked = min(row.found + timedelta(took), self.today - timedelta(1))
        return replace(row, due=row.found + timedelta(days), checked=checked, closed=True)

    def _major(self, told: dict[str, Any]) -> Row:
        return Row(
            found=self.today - timedelta(told["days_ago"]),
            place=told["place"],
            finding=told["finding"],
            unit=told["unit"],
            officer=told["officer"],
            measures=told["measures"],
            budget=told["budget"],
            due=self.today + timedelta(told["due_in"]),
            checker="",
            progress="已落实管控措施，治理方案已报批",
            grade="重大",
            standard=told["standard"],
            remark="挂牌督办",
        )

    def _impossible(self) -> Iterator[Row]:
        """Yield rows that an import must refuse, each with its reason."""
        rows = [self._closed(days_ago) for days_ago in range(50, 170, 10)]
        rows = [replace(row, grade="一般", remark="") for row in rows]
        february = f"{rows[7].found.year}年2月30日"
        yield replace(rows[0], checked=None)
        yield replace(rows[1], checked=rows[1].found - timedelta(12))
        yield replace(rows[2], checker=rows[2].officer)
        yield replace(rows[3], checker=rows[3].officer)
        yield replace(rows[4], unit="县校安办")
        yield replace(rows[5], unit="县校安办")
        yield replace(rows[6], wrong=("整改期限", "长期坚持"), checked=None, closed=False)
        yield replace(rows[7], wrong=("检查日期", february))
        yield replace(rows[8], checked=rows[8].found + timedelta(400))
        yield replace(rows[9], grade="重大", checked=None, closed=False, checker="")
        yield replace(rows[10], wrong=("整改资金（万元）", "十几万"))
        yield replace(rows[11], place="")


# ------------------------------------------------------- as offices write things
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
CLOSED_WORDS = ("是", "是", "是", "是", "已销号", "√", "已完成")
OPEN_WORDS = ("否", "否", "否", "未销号", "")
REPORTERS = (("张某某", "13800000101"), ("李某", "13800000102"), ("匿名群众", ""))


class Writer:
    """Writes a hazard into cells, with changing formats."""

    def __init__(self) -> None:
        self.random = Random(311)  # noqa: S311 - only to look random

    def cells(self, number: int, row: Row) -> list[Cell]:
        late = row.due is not None and row.checked is not None and row.checked > row.due
        reporter, phone = self.random.choice(REPORTERS) if number % 27 == 0 else ("", "")
        said: dict[str, Cell] = {
            "序号": number,
            "检查日期": self._day(row.found),
            "场所": self._untidy(row.place),
            "隐患描述": self._untidy(row.finding),
            "等级": self.random.choice((row.grade, row.grade, row.grade + "隐患", row.grade + " ")),
            "判定依据": row.standard,
            "责任单位": self._untidy(row.unit),
            "责任人": row.officer,
            "整改措施": row.measures.replace("，", "，\n", 1) if number % 9 == 0 else row.measures,
            "整改资金（万元）": self._money(row.budget),
            "整改期限": self._term(row),
            "整改情况": row.progress,
            "验收人": row.checker if row.checked or row.closed else "",
            "验收日期": self._day(row.checked) if row.checked else None,
            "是否销号": self.random.choice(CLOSED_WORDS if row.closed else OPEN_WORDS),
            "备注": row.remark or ("逾期整改" if late else ""),
            "举报人": reporter,
            "联系电话": phone,
        }
        if row.wrong:
            said[row.wrong[0]] = row.wrong[1]
        return list(said.values())

    def _day(self, day: date) -> Cell:
        ways: tuple[Cell, ...] = (
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y-%m-%d} ",
            int(f"{day:%Y%m%d}"),
            f"{day.year}年{day.month}月{day.day}日".translate(FULL_WIDTH),
            (day - date(1899, 12, 30)).days,
        )
        return day if self.random.random() < 0.6 else self.random.choice(ways)

    def _term(self, row: Row) -> Cell:
        if row.due is None:
            return self.random.choice(("", "/"))
        if row.closed and row.due - row.found <= timedelta(3):
            return self.random.choice(("立行立改", "立行立改", "当场整改", row.due))
        if self.random.random() < 0.1:
            return f"{row.due.month}月{row.due.day}日前"
        return self._day(row.due)

    def _money(self, budget: int) -> Cell:
        if not budget:
            return self.random.choice(("", "无", "/", 0))
        tens = budget / 10_000
        return self.random.choice((tens, tens, tens, tens, f"{budget}元", f"{tens:g}万元"))

    def _untidy(self, text: str) -> str:
        ways = (f"{text} ", f"　{text}", text.translate(FULL_WIDTH))
        return text if not text or self.random.random() < 0.9 else self.random.choice(ways)


# ------------------------------------------------------------------ the workbook
def write(out: Path, today: date) -> None:
    """Write the ledger with its state on that day."""
    with Workbook(out) as book:
        book.set_properties({"title": TITLE, "created": datetime.combine(BUNDLED_DAY, time())})
        sheet = book.add_worksheet("隐患台账")
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 3)
        for at, width in enumerate(COLUMNS.values()):
            sheet.set_column(at, at, width)
        _write_head(book, sheet, today)
        last = _write_rows(book, sheet, Inventor(today).rows())
        _write_foot(book, sheet, last)


def _write_head(book: Any, sheet: Any, today: date) -> None:
    last = len(COLUMNS) - 1
    title = book.add_format(
        {"font_name": "方正小标宋简体", "font_size": 20, "align": "center", "valign": "vcenter"}
    )
    line = book.add_format({"font_name": "仿宋", "font_size": 11, "valign": "vcenter"})
    header = book.add_format(
        {
            "font_name": "黑体",
            "font_size": 10,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "bg_color": "#F2F2F2",
        }
    )
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, last, TITLE, title)
    sheet.set_row(1, 22)
    sheet.merge_range(1, 0, 1, 8, "填报单位：云榆县安全生产委员会办公室", line)
    written = f"填报日期：{today.year}年{today.month}月{today.day}日"
    sheet.merge_range(1, 9, 1, last, written, line)
    sheet.set_row(2, 30)
    sheet.write_row(2, 0, list(COLUMNS), header)


def _write_rows(book: Any, sheet: Any, rows: Sequence[Row]) -> int:
    """Write every row, with some blank ones between; return the position of the next row."""
    common = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
    centred = book.add_format({**common, "align": "center", "text_wrap": True})
    text = book.add_format({**common, "text_wrap": True})
    day = book.add_format({**common, "align": "center", "num_format": "yyyy-mm-dd"})
    wide = {at for at, width in enumerate(COLUMNS.values()) if width > 16}
    writer, at = Writer(), 3
    for number, row in enumerate(rows, start=1):
        cells = writer.cells(number, row)
        sheet.set_row(at, 14 * _lines(cells))
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(at, column, datetime.combine(cell, time()), day)
            else:
                sheet.write(at, column, cell, text if column in wide else centred)
        at += 2 if number % 120 == 0 else 1
    return at


def _lines(cells: Sequence[Cell]) -> int:
    """Return how many lines the longest cell needs; a Chinese character is as wide as two
    others.
    """
    texts = zip(cells, COLUMNS.values(), strict=True)
    return max(-(-2 * len(cell) // width) for cell, width in texts if isinstance(cell, str))


def _write_foot(book: Any, sheet: Any, at: int) -> None:
    bold = book.add_format({"font_name": "黑体", "font_size": 10, "border": 1, "align": "center"})
    line = book.add_format({"font_name": "仿宋", "font_size": 11})
    money = list(COLUMNS).index("整改资金（万元）")
    sheet.write(at, 0, "合计", bold)
    sheet.write(at, money, 312.6, bold)
    sheet.write(at + 1, 0, "填表人：苏婉清      审核人：谭绍清", line)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--today", type=date.fromisoformat, default=BUNDLED_DAY, metavar="DAY")
    parser.add_argument("--out", type=Path, default=BUNDLED, metavar="OUT.xlsx")
    told = parser.parse_args(arguments)
    write(told.out, told.today)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
