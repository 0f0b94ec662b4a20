"""Small ledgers as offices keep them, made for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

HEADER = (
    "序号", "检查日期", "场所", "隐患描述", "等级", "责任单位", "举报人", "联系电话",
    "整改期限", "是否销号", "验收日期", "说明栏",
)  # fmt: skip
GOOD = (
    1, "2026-03-02", "第一小学食堂", "灭火器超过检验有效期", "一般", "双河镇", "周某某",
    "13812345678", "2026-03-12", "是", "2026-03-10", "x",
)  # fmt: skip
STRANGE_UNIT = (
    2, "2026-03-03", "镇卫生院", "安全出口堆放杂物", "一般", "双河街道", "吴某某", "13912345678",
    "2026-04-01", "否", "", "y",
)  # fmt: skip
NO_DATE = (
    3, "三月某日", "第二小学宿舍", "防护栏焊死", "重大", "双河镇", "郑某某", "13712345678",
    "2026-04-01", "否", "", "z",
)  # fmt: skip
ROWS = (GOOD, STRANGE_UNIT, NO_DATE)


def workbook(
    rows: Sequence[Sequence[object]] = ROWS,
    *,
    header: Sequence[str] = HEADER,
    name: str = "隐患台账.xlsx",
    sheets: Sequence[str] = ("台账",),
) -> SimpleUploadedFile:
    """A ledger under its merged title, the same rows in each of the sheets."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for title in sheets:
            sheet = book.add_worksheet(title)
            sheet.merge_range(0, 0, 0, len(header) - 1, "双河镇安全隐患排查整改台账")
            for at, row in enumerate((header, *rows), start=1):
                sheet.write_row(at, 0, row)
    return SimpleUploadedFile(name, out.getvalue())


def many(count: int) -> list[tuple[object, ...]]:
    """Good rows that differ in their description."""
    return [(n, *GOOD[1:3], f"配电箱门损坏第{n}处", *GOOD[4:]) for n in range(count)]
