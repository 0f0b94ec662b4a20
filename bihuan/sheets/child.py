"""The process that parses one workbook from its standard input, within limits, and nothing else.

It answers on its standard output with one JSON value a line: first the sheets, then every row
of the chosen one, last how many there were; or, at any point, why it stops. JSON because the
reader must not trust a process that a file may have taken over (see docs/decisions/0040).
"""

import json
import os
import re
import resource
import sys
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any, BinaryIO

from bihuan.sheets.limits import Limits
from bihuan.sheets.refusals import SheetFault, SheetRefused

PIPEFUL = 1 << 18
# A text so named and without columns is a message that a download failed, not a table.
OFFICE_SUFFIXES = frozenset({".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"})

# The last is a number or a day in a column that was too narrow when its text was copied.
ERRORS = re.compile(
    r"#(N/A|(REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN)!|NAME\?"
    r"|GETTING_DATA|#{2,})",
    re.IGNORECASE,
)

Row = Sequence[object]


def main() -> None:
    """Read the file on standard input as the argument asks."""
    asked = json.loads(sys.argv[1])
    limits = Limits(**asked["limits"])
    _confine(limits)
    try:
        with open(0, "rb") as file:
            _answer(file, asked["sheet"], asked["suffix"], limits)
    except SheetRefused as refused:
        _send([_json({"refused": refused.fault, "details": refused.details})])
    except MemoryError:
        # The reader knows what it means.
        os.abort()


def _confine(limits: Limits) -> None:
    """No more than this much memory and processor time, no file written, no core dumped."""
    for kind, most, grace in (
        (resource.RLIMIT_AS, limits.memory_bytes, 0),
        (resource.RLIMIT_CPU, limits.seconds, 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        highest = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
        resource.setrlimit(kind, (min(most, highest), highest))


def _answer(file: BinaryIO, sheet: str | None, suffix: str, limits: Limits) -> None:
    head = file.read(4096)
    file.seek(0)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from bihuan.sheets.archive import check_archive

        check_archive(file, limits)
        _answer_workbook(file, sheet, limits)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        from bihuan.sheets.archive import check_compound

        check_compound(file)
        _answer_workbook(file, sheet, limits)
    elif sheet is not None:
        raise SheetRefused(SheetFault.NO_SUCH_SHEET, sheet=sheet)
    else:
        from bihuan.sheets.separated import read_separated

        rows, width = read_separated(file, head, limits)
        if width < 2 and suffix in OFFICE_SUFFIXES:
            raise SheetRefused(SheetFault.NOT_A_WORKBOOK)
        _send([_json({"sheets": [], "sheet": "", "height": None})])
        _send_rows(rows, limits)


def _answer_workbook(file: BinaryIO, sheet: str | None, limits: Limits) -> None:
    import python_calamine as calamine

    file.seek(0)
    try:
        # By its content: a path's suffix would decide what kind of file it is taken for.
        book = calamine.CalamineWorkbook.from_filelike(file)
        name, table = _choose(book, sheet)
    except (SheetRefused, MemoryError):
        raise
    # A panic of the Rust library is a BaseException.
    except BaseException:
        raise SheetRefused(SheetFault.DAMAGED) from None
    height, width = (table.end[0] + 1, table.end[1] + 1) if table.end else (0, 0)
    _check_size(limits, height, width)
    visible = calamine.SheetVisibleEnum.Visible
    sheets = [[one.name, one.visible != visible] for one in book.sheets_metadata]
    book.close()
    _send([_json({"sheets": sheets, "sheet": name, "height": height})])
    _send_rows(_from_column_a(table), limits)


def _from_column_a(table: Any) -> Iterable[Row]:
    """Calamine begins at the first filled column; an index must mean the file's column."""
    blank = [""] * table.start[1]
    return ([*blank, *row] for row in table.iter_rows()) if blank else table.iter_rows()


def _choose(book: Any, sheet: str | None) -> tuple[str, Any]:
    """The sheet asked for, or the first visible one that holds anything."""
    import python_calamine as calamine

    if sheet is not None and sheet not in book.sheet_names:
        raise SheetRefused(SheetFault.NO_SUCH_SHEET, sheet=sheet)
    for one in book.sheets_metadata:
        wanted = (
            one.name == sheet
            if sheet is not None
            else one.visible == calamine.SheetVisibleEnum.Visible
            and one.typ == calamine.SheetTypeEnum.WorkSheet
        )
        if wanted and (table := book.get_sheet_by_name(one.name)).end is not None:
            return one.name, table
    raise SheetRefused(SheetFault.EMPTY)


def _check_size(limits: Limits, rows: int, columns: int) -> None:
    if rows > limits.rows:
        raise SheetRefused(SheetFault.TOO_MANY_ROWS, rows=rows, limit=limits.rows)
    if columns > limits.columns:
        raise SheetRefused(SheetFault.TOO_MANY_COLUMNS, columns=columns, limit=limits.columns)


def _send_rows(rows: Iterable[Row], limits: Limits) -> None:
    number, size = 0, 0
    lines: list[str] = []
    for number, row in enumerate(rows, start=1):
        _check_size(limits, number, len(row))
        line = _json(row)
        if "#" in line:
            line = _json([_error_or_not(cell) for cell in row])
        if len(line) > limits.cell_length:
            _check_cells(number, row, limits)
        lines.append(line)
        size += len(line)
        if size > PIPEFUL:
            _send(lines)
            lines.clear()
            size = 0
    _send([*lines, _json({"end": number})])


def _check_cells(number: int, row: Row, limits: Limits) -> None:
    for place, cell in enumerate(row, start=1):
        if isinstance(cell, str) and len(cell) > limits.cell_length:
            raise SheetRefused(
                SheetFault.CELL_TOO_LONG, row=number, column=place, limit=limits.cell_length
            )


def _error_or_not(cell: object) -> object:
    """What an office's program shows for a lost value, saved as text, is a lost value too."""
    if isinstance(cell, str) and "#" in cell and ERRORS.fullmatch(cell.strip()):
        return {"error": cell.strip()}
    return cell


def _plain(value: object) -> dict[str, str | float]:
    """A date, time or duration as a named plain value; the reader makes it whole again."""
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, (date, time)):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(type(value))


_json = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain
).encode


def _send(lines: Sequence[str]) -> None:
    rest = memoryview("\n".join([*lines, ""]).encode())
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # Nobody reads any more: the rest of the file was not wanted.
        sys.exit(0)
