"""Sample ledgers, one for each type: the recognised columns, with invented rows."""

from __future__ import annotations

import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import override

from bihuan.sheets.ledger.types import LedgerType
from bihuan.sheets.writer import Heading, SheetTable, write_tables


def sample(ledger: LedgerType[Any]) -> BinaryIO:
    """Return the sample of this type as a workbook, open for reading."""
    if ledger.sample.suffix != ".toml":
        return ledger.sample.open("rb")
    out = BytesIO()
    write_tables(out, [_table(ledger)])
    out.seek(0)
    return out


def write(out: Path, ledger: LedgerType[Any]) -> None:
    """Write the sample of this type to a file."""
    with sample(ledger) as content:
        out.write_bytes(content.read())


def _table(ledger: LedgerType[Any]) -> SheetTable:
    """Return the columns of an invented row, in order, with the usual headers."""
    rows = tomllib.loads(ledger.sample.read_text(encoding="utf-8"))["row"]
    fields = [field for field in ledger.vocabulary.fields if any(field.name in row for row in rows)]
    with override("zh-hans"):
        headings = [Heading(field.title, field.width) for field in fields]
    cells = [[row.get(field.name) for field in fields] for row in rows]
    return SheetTable(ledger.sheet, headings, cells)
