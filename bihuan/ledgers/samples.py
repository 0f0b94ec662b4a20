"""Sample ledgers, one for each kind: which columns are understood, with invented rows."""

from __future__ import annotations

import tomllib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import override

from bihuan.ledgers.books import BOOKS, HAZARDS
from bihuan.ledgers.vocabulary import DATA
from bihuan.sheets.writer import Heading, SheetTable, write_tables

HAZARD_SAMPLE = DATA / "sample_hazards.xlsx"
REGISTERS = DATA / "sample_registers.toml"


def sample(kind: str) -> BinaryIO:
    """The sample of this kind as a workbook, opened to be read."""
    if kind == HAZARDS.kind:
        return HAZARD_SAMPLE.open("rb")
    out = BytesIO()
    write_tables(out, [_table(kind)])
    out.seek(0)
    return out


def write(out: Path, kind: str) -> None:
    """Write the sample of this kind to a file."""
    with sample(kind) as content:
        out.write_bytes(content.read())


def _table(kind: str) -> SheetTable:
    """The columns that an invented row fills, in the order of the kind, as offices title them."""
    book, rows = BOOKS[kind], _rows()[kind]
    fields = [field for field in book.vocabulary.fields if any(field.name in row for row in rows)]
    with override("zh-hans"):
        headings = [Heading(field.title, field.width) for field in fields]
    return SheetTable(
        book.sheet, headings, [[row.get(field.name) for field in fields] for row in rows]
    )


@cache
def _rows() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(REGISTERS.read_text(encoding="utf-8"))
