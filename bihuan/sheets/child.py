"""The process that parses one workbook from its standard input, within limits, and nothing else.

It answers on standard output with one JSON value per line. If there are several sheets to choose
from, it first sends the first rows of each and reads the choice; then the properties of the chosen
sheet, every row of it, and last the number of rows; or, at any point, the reason why it stops. JSON
is used because the reader must not trust a process that a file may have taken over (see
docs/decisions/0040).
"""

import gc
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from bihuan.confined.inside import confine, limit_memory, say
from bihuan.sheets.limits import MEBIBYTE, Limits
from bihuan.sheets.lost import is_lost, may_hold_lost
from bihuan.sheets.refusals import SheetFault, SheetRefused

if TYPE_CHECKING:
    from bihuan.sheets.excel import Book as ExcelBook
    from bihuan.sheets.excel97 import OldBook
    from bihuan.sheets.opendocument import OpenBook
    from bihuan.sheets.surveying import Listed

    Book = ExcelBook | OldBook | OpenBook

PIPEFUL = 1 << 18
# A text that starts like this and has no columns is an error message of a download, not a table.
OFFICE_SUFFIXES = frozenset({".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"})

STREAMING_BYTES = 256 * MEBIBYTE
# The number of rows shown of a sheet that may not be the right one.
HEAD_ROWS = 40
LONG = 200
MOST_HEADS = 60

Row = Sequence[object] | dict[str, Any]
"""The cells of a row, or the cells with further data about the row."""


def main() -> None:
    """Read the file on standard input as the argument requests."""
    gc.disable()  # there are no reference cycles here
    request = json.loads(sys.argv[1])
    limits = Limits(**request["limits"])
    confine(memory_bytes=limits.memory_bytes, seconds=limits.seconds)
    try:
        with open(0, "rb") as file:
            _answer(file, request, limits)
    except SheetRefused as refused:
        _send([_json({"refused": refused.fault, "details": refused.details})])
    except MemoryError:
        # The reader interprets the exit code.
        os.abort()


def _answer(file: BinaryIO, request: dict[str, Any], limits: Limits) -> None:
    head = file.read(4096)
    file.seek(0)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from bihuan.sheets.archive import check_archive

        check_archive(file, limits)
        _answer_workbook(_opened(file, request["spill"], limits), request, limits)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        from bihuan.sheets.archive import check_compound
        from bihuan.sheets.excel97 import OldBook

        check_compound(file)
        file.seek(0)
        _answer_workbook(OldBook(file), request, limits)
    elif request["sheet"] is not None:
        raise SheetRefused(SheetFault.NO_SUCH_SHEET, sheet=request["sheet"])
    else:
        from bihuan.sheets.separated import read_separated

        rows, width = read_separated(file, head, limits)
        if width < 2 and request["suffix"] in OFFICE_SUFFIXES:
            raise SheetRefused(SheetFault.NOT_A_WORKBOOK)
        _send([_json({"sheets": [], "sheet": "", "height": None})])
        _send_rows(rows, limits)


def _opened(file: BinaryIO, spill: int, limits: Limits) -> "Book":
    from bihuan.sheets.parts import Package

    # They stream, so this memory is enough for a sheet of any length.
    limit_memory(min(limits.memory_bytes, STREAMING_BYTES))
    package = Package(file)
    if package.has("content.xml"):
        from bihuan.sheets.opendocument import OpenBook

        return OpenBook(file, limits)
    if not package.is_excel():
        raise SheetRefused(SheetFault.BINARY_WORKBOOK)
    from bihuan.sheets.excel import Book

    return Book(file, spill, limits)


def _answer_workbook(book: "Book", request: dict[str, Any], limits: Limits) -> None:
    tables = [sheet for sheet in book.sheets if sheet.is_table and book.survey(sheet).filled]
    chosen = _choose(book, tables, request)
    known = book.survey(chosen)
    _check_size(limits, known.last, 0)
    _send(
        [
            _json(
                {
                    "sheets": [[sheet.name, sheet.hidden] for sheet in book.sheets],
                    "sheet": chosen.name,
                    "height": known.last,
                    "epoch_1904": book.epoch_1904,
                    "hidden_columns": known.hidden_columns,
                    "filtered": known.filtered,
                    "unsure_formulas": known.unsure_formulas,
                    "others": [_head(book, sheet) for sheet in tables if sheet is not chosen],
                }
            )
        ]
    )
    _send_rows(book.rows(chosen), limits)


def _choose(book: "Book", tables: Sequence["Listed"], request: dict[str, Any]) -> "Listed":
    """Return the requested sheet, the only visible one with content, or the one that the reader
    chooses.
    """
    wanted = request["sheet"]
    visible = [sheet for sheet in tables if not sheet.hidden]
    if wanted is None and len(visible) > 1:
        _send([_json({"heads": [_head(book, sheet) for sheet in visible[:MOST_HEADS]]})])
        with open(request["choice"], "rb") as choice:
            wanted = json.loads(choice.readline())
    if wanted is not None and wanted not in [sheet.name for sheet in book.sheets]:
        raise SheetRefused(SheetFault.NO_SUCH_SHEET, sheet=wanted)
    for sheet in tables if wanted is not None else visible:
        if wanted in (None, sheet.name):
            return sheet
    raise SheetRefused(SheetFault.EMPTY)


def _head(book: "Book", sheet: "Listed") -> dict[str, object]:
    """Return the first rows of a sheet, by which its headers can be assessed."""
    rows = []
    for row in islice(book.rows(sheet), HEAD_ROWS):
        cells: Any = row["cells"] if isinstance(row, dict) else row
        rows.append([cell[:LONG] if isinstance(cell, str) else cell for cell in cells])
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "filled": book.survey(sheet).filled,
        "rows": rows,
    }


def _check_size(limits: Limits, rows: int, columns: int) -> None:
    if rows > limits.rows:
        raise SheetRefused(SheetFault.TOO_MANY_ROWS, rows=rows, limit=limits.rows)
    if columns > limits.columns:
        raise SheetRefused(SheetFault.TOO_MANY_COLUMNS, columns=columns, limit=limits.columns)


def _send_rows(rows: Iterable[Row], limits: Limits) -> None:
    number, size = 0, 0
    lines: list[str] = []
    for number, row in enumerate(rows, start=1):
        cells: Any = row["cells"] if isinstance(row, dict) else row
        _check_size(limits, number, len(cells))
        line = _json(row)
        if may_hold_lost(line):
            line = _json(_with_errors(row))
        if len(line) > limits.cell_length:
            _check_cells(number, cells, limits)
        lines.append(line)
        size += len(line)
        if size > PIPEFUL:
            _send(lines)
            lines.clear()
            size = 0
    _send([*lines, _json({"end": number})])


def _with_errors(row: Row) -> Row:
    if isinstance(row, dict):
        return {**row, "cells": [_error_or_not(cell) for cell in row["cells"]]}
    return [_error_or_not(cell) for cell in row]


def _check_cells(number: int, cells: Sequence[object], limits: Limits) -> None:
    for place, cell in enumerate(cells, start=1):
        if isinstance(cell, str) and len(cell) > limits.cell_length:
            raise SheetRefused(
                SheetFault.CELL_TOO_LONG, row=number, column=place, limit=limits.cell_length
            )


def _error_or_not(cell: object) -> object:
    """Treat the text that spreadsheet programs show for a lost value as a lost value."""
    if isinstance(cell, str) and is_lost(cell):
        return {"error": cell.strip()}
    return cell


def _plain(value: object) -> dict[str, str | float]:
    """Encode a date, time or duration as a named plain value; the reader decodes it."""
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, (date, time)):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(type(value))


_json = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain
).encode


def _send(lines: Sequence[str]) -> None:
    say("\n".join([*lines, ""]).encode())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # The pipe is closed: the rest of the file is not needed.
        sys.exit(0)
