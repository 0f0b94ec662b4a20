"""Write tables as `.xlsx` row by row, with identical bytes for identical content."""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from bihuan.sheets.lost import is_lost
from bihuan.sheets.reader import Broken, Cell
from bihuan.sheets.refusals import SheetFault, SheetRefused

Value = Cell | int | Decimal | None

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
# Comments stay in memory until the end; the reason is also in the row itself.
MOST_COMMENTS = 2_000
FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
MADE_AT = datetime.combine(date(2000, 1, 1), time())
# Excel's 1900 calendar contains a 29 February 1900, which did not exist; its other one begins in
# 1904.
FIRST_EXCEL_DAY = {False: date(1900, 3, 1), True: date(1904, 1, 2)}
# A formula without a calculated value, so that the row is refused again unless someone fills it in.
LOST = "#N/A"
REFUSED_COLOUR = "#FFC7CE"
SHEET_NAME_LENGTH = 31
NOT_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\")


@dataclass(frozen=True, slots=True)
class Heading:
    """The header of a column and its width in characters."""

    title: str
    width: float = 14


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """Why a row was refused, and in which of its columns, if any."""

    reason: str
    column: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row as it was read, with its errors."""

    cells: Sequence[Cell]
    faults: Sequence[RefusedCell]


def write_table(
    out: Path | BinaryIO,
    *,
    sheet: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Value]],
) -> int:
    """Write one table whose header row is frozen, repeated on printed pages, and has filters."""
    return write_tables(out, [SheetTable(sheet, headings, rows)])


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The content of one sheet."""

    sheet: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Value]]


def up_to(rows: Iterable[Sequence[Value]], most: int, more: str) -> Iterator[Sequence[Value]]:
    """Yield at most `most` rows, and one with the words of `more` if there are others."""
    for number, row in enumerate(rows):
        if number == most:
            yield [more]
            return
        yield row


def write_tables(out: Path | BinaryIO, tables: Sequence[SheetTable]) -> int:
    """Write tables, each on its own sheet; return the total number of rows."""
    with _book(out) as book:
        return sum(
            _write_table(_Pen(book, table.sheet, FIRST_EXCEL_DAY[False]), table) for table in tables
        )


def _write_table(pen: "_Pen", table: SheetTable) -> int:
    pen.sheet.freeze_panes(1, 0)
    for column, heading in enumerate(table.headings):
        pen.sheet.set_column(column, column, heading.width)
    pen.row([heading.title for heading in table.headings], pen.header)
    for row in table.rows:
        pen.row(row)
    pen.sheet.repeat_rows(0)
    if table.headings:
        pen.sheet.autofilter(0, 0, max(pen.at - 1, 0), len(table.headings) - 1)
    return pen.at - 1


def write_refused(
    out: Path | BinaryIO,
    *,
    sheet: str,
    header: Sequence[Sequence[Cell]],
    rows: Iterable[RefusedRow],
    reason_title: str,
    epoch_1904: bool = False,
) -> int:
    """Write the refused rows under their original header, each with its reasons, ready to be
    corrected.

    `header` is every row of the file down to its header, so that the corrected file is read in the
    same way; serial numbers of dates also keep counting from 1904 if the file did so.
    """
    titles = list(header[-1])
    place = titles.index(reason_title) if reason_title in titles else len(titles)
    with _book(out, epoch_1904) as book:
        pen = _Pen(book, sheet, FIRST_EXCEL_DAY[epoch_1904])
        pen.sheet.freeze_panes(len(header), 0)
        pen.sheet.set_column(0, max(place, len(titles) - 1), 14)
        pen.sheet.set_column(place, place, 48)
        for above in header[:-1]:
            pen.row(above, pen.header)
        pen.row(_with(titles, place, reason_title), pen.header)
        for row in rows:
            _write_refused_row(pen, row, place)
        pen.sheet.repeat_rows(0, len(header) - 1)
        return pen.at - len(header)


def _write_refused_row(pen: "_Pen", row: RefusedRow, place: int) -> None:
    reasons = "\n".join(fault.reason for fault in row.faults)
    bad = {fault.column: fault.reason for fault in row.faults if fault.column is not None}
    for column, reason in bad.items():
        pen.comment(column, reason)
    pen.row(_with(row.cells, place, reasons), bad=frozenset(bad))


def _with(cells: Sequence[Cell], place: int, value: Cell) -> list[Cell]:
    row: list[Cell] = [*cells, *[""] * (place + 1 - len(cells))]
    row[place] = value
    return row


def require_writable(out: Path) -> None:
    """Raise an error before the work starts if the file cannot be written."""
    if out.exists() and not out.is_file():
        raise OSError(errno.EINVAL, "not a file that could be replaced", str(out))
    try:
        TemporaryFile(dir=out.parent).close()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Write to a temporary file next to it, which is renamed once it is complete."""
    require_writable(out)
    partial = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        yield partial
        os.replace(partial, out)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@contextmanager
def _book(out: Path | BinaryIO, epoch_1904: bool = False) -> Iterator[Any]:
    if isinstance(out, Path):
        with _whole(out) as partial, _written(str(partial), epoch_1904) as book:
            yield book
    else:
        with _written(out, epoch_1904) as book:
            yield book


@contextmanager
def _written(out: str | BinaryIO, epoch_1904: bool) -> Iterator[Any]:
    book = Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "date_1904": epoch_1904,
        },
    )
    book.set_properties({"created": MADE_AT})
    try:
        yield book
    finally:
        book.close()


class _Pen:
    """Writes one row after the other, each value with its type."""

    def __init__(self, book: Any, name: str, first_day: date) -> None:
        self.at = 0
        self._first_day = first_day
        self.sheet = book.add_worksheet(name.translate(NOT_IN_SHEET_NAMES)[:SHEET_NAME_LENGTH])
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C&P / &N")
        self.header = book.add_format(
            {
                "bold": True,
                "bg_color": "#DDE6EE",
                "border": 1,
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        self._comments = 0
        self._plain = _Formats(book, {})
        self._bad = _Formats(book, {"bg_color": REFUSED_COLOUR})

    def row(
        self, values: Sequence[Value], style: Any = None, bad: frozenset[int] = frozenset()
    ) -> None:
        if self.at >= MOST_ROWS:
            raise SheetRefused(SheetFault.TOO_MANY_ROWS, rows=self.at + 1, limit=MOST_ROWS)
        for column, value in enumerate(map(_not_broken, values)):
            if (value is not None and value != "") or column in bad:
                self._write(column, value, style, self._bad if column in bad else self._plain)
        self.at += 1

    def comment(self, column: int, reason: str) -> None:
        """Add a comment with the reason for the refusal to a cell of the next row."""
        if self._comments < MOST_COMMENTS:
            self.sheet.write_comment(self.at, column, reason, {"author": "", "x_scale": 2})
            self._comments += 1

    def _write(self, column: int, value: Value, style: Any, formats: "_Formats") -> None:
        if isinstance(value, str):
            self._write_text(column, value, style, formats)
        elif isinstance(value, bool):
            self.sheet.write_boolean(self.at, column, value, style or formats.plain)
        elif isinstance(value, (int, float, Decimal)):
            self.sheet.write_number(self.at, column, value, style or formats.plain)
        elif isinstance(value, (date, time, timedelta)):
            self._write_date(column, value, formats)
        else:
            self.sheet.write_blank(self.at, column, None, style or formats.plain)

    def _write_text(self, column: int, value: str, style: Any, formats: "_Formats") -> None:
        if len(value) > LONGEST_CELL:
            raise SheetRefused(
                SheetFault.CELL_TOO_LONG, row=self.at + 1, column=column + 1, limit=LONGEST_CELL
            )
        if not value:
            self.sheet.write_blank(self.at, column, None, style or formats.plain)
            return
        formula = value[0] in FORMULA_STARTS and style is None
        self.sheet.write_string(
            self.at, column, value, formats.quoted if formula else style or formats.plain
        )

    def _write_date(self, column: int, value: date | time | timedelta, formats: "_Formats") -> None:
        if isinstance(value, date) and _day(value) < self._first_day:
            self.sheet.write_string(self.at, column, value.isoformat(), formats.plain)
        else:
            self.sheet.write_datetime(self.at, column, value, formats.of(value))


class _Formats:
    """The formats of ordinary cells, or the same in another colour."""

    def __init__(self, book: Any, base: dict[str, Any]) -> None:
        self.plain = book.add_format(base) if base else None
        # The quote prefix that a typed apostrophe sets: the text remains a text when it is edited.
        self.quoted = book.add_format({**base, "quote_prefix": True})
        self._day = book.add_format({**base, "num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm:ss"})
        self._time = book.add_format({**base, "num_format": "hh:mm:ss"})
        self._span = book.add_format({**base, "num_format": "[h]:mm:ss"})

    def of(self, value: date | time | timedelta) -> Any:
        if isinstance(value, datetime):
            return self._moment
        if isinstance(value, date):
            return self._day
        return self._time if isinstance(value, time) else self._span


def _not_broken(value: Value | Broken) -> Value:
    """Return a lost value in a form that is refused again when the file comes back."""
    if not isinstance(value, Broken):
        return value
    return value.shown if is_lost(value.shown) else LOST


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
