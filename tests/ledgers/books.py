"""Office ledgers for the tests: written in every format, taken in, and looked at cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

import openpyxl
from django.utils.translation import get_language
from xlsxwriter import Workbook

from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import NO_ANSWERS, Answers
from tests.factories import NOW

TITLES = (
    "序号", "检查日期", "场所", "隐患描述", "等级", "责任单位", "责任人", "整改措施", "整改资金",
    "整改期限", "整改情况", "验收人", "验收日期", "是否销号", "备注",
)  # fmt: skip
ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)
CLOSED: dict[str, Any] = {"验收人": "赵验收", "验收日期": date(2026, 9, 10), "是否销号": "是"}


def hazard(number: int = 1, **values: Any) -> dict[str, Any]:
    """One row that can be taken in: an open hazard, unless it says otherwise."""
    return {
        "序号": number,
        "检查日期": date(2026, 9, 1),
        "场所": f"综合楼{number}层",
        "隐患描述": f"第{number}处疏散指示灯不亮",
        "等级": "一般",
        "责任人": "王整改",
        "整改措施": "更换灯具",
        "整改资金": 1200,
        "整改期限": date(2026, 9, 30),
        "是否销号": "否",
        **values,
    }


def table(rows: Sequence[dict[str, Any]], *more: str) -> list[list[Any]]:
    """The rows under the usual titles and these."""
    titles = [*TITLES, *more]
    return [titles, *([row.get(title, "") for title in titles] for row in rows)]


def xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                else:
                    sheet.write(at, column, cell)
    return path


def separated(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def ods(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """The least that is an OpenDocument spreadsheet, all cells text."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in names.items()
    )
    body = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="台账">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", ODS_MANIFEST)
        archive.writestr("content.xml", content)
    return path


def _ods_cell(cell: Any) -> str:
    text = escape(str(cell))
    kind = 'office:value-type="string"' if text else ""
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def cells(path: Path) -> list[list[Any]]:
    """Every cell of the first sheet, as another reader than ours sees it."""
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def colours(path: Path) -> dict[str, str]:
    """The coloured cells under the header, by their address."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return {
        cell.coordinate: cell.fill.fgColor.rgb
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.patternType
    }


def take(
    path: Path,
    unit: Unit,
    mapping: Mapping | None = None,
    *,
    now: datetime = NOW,
    sheet: str | None = None,
    empty_clears: bool = False,
    answers: Answers = NO_ANSWERS,
    errors_to: Path | None = None,
    kind: str = "hazard",
    **how: Any,
) -> Result:
    """Take the file in as the unit's ledger; `errors_to` gets the refused rows."""
    source = Source(
        path, path.name, unit, mapping, sheet, empty_clears=empty_clears, answers=answers, kind=kind
    )
    out = {get_language() or "": errors_to} if errors_to else {}
    return take_in(source, words=words(), actor=None, now=now, errors_to=out, **how)


def counts(result: Result) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused: they make up the rows."""
    data = result.as_json()
    found = (data["created"], data["updated"], data["unchanged"], data["refused"])
    assert not result.kept or sum(found) == data["rows"]
    return found
