"""Read delimiter-separated text; detect its encoding and its delimiter first."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from bihuan.sheets.limits import Limits
from bihuan.sheets.refusals import SheetFault, SheetRefused

CHUNK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",\t;|"
SAMPLE_ROWS = 20
# With this much Chinese text before the first invalid byte, it is a damaged UTF-8 file, not
# GB18030.
SURELY_UTF_8 = 8


def read_separated(file: BinaryIO, head: bytes, limits: Limits) -> tuple[Iterator[list[str]], int]:
    """Return the rows, and the number of columns that the delimiter produces."""
    encoding = _encoding(file, head)
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise SheetRefused(SheetFault.WEB_PAGE)
    csv.field_size_limit(limits.cell_length)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    delimiter, width = _delimiter(text.read(1 << 16))
    if not width:
        raise SheetRefused(SheetFault.EMPTY)
    text.seek(0)
    return _rows(text, delimiter, limits), width


def _encoding(file: BinaryIO, head: bytes) -> str:
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    if marked is None and b"\0" in head:
        raise SheetRefused(SheetFault.NOT_A_WORKBOOK)
    fault = _first_fault(file, marked or "utf-8")
    if fault is None:
        return marked or "utf-8"
    at, wide_before = fault
    if marked or wide_before >= SURELY_UTF_8 or _first_fault(file, "gb18030"):
        raise SheetRefused(SheetFault.WRONG_ENCODING, byte=at + 1, encoding=marked or "utf-8")
    return "gb18030"


def _first_fault(file: BinaryIO, encoding: str) -> tuple[int, int] | None:
    """Return the position of the first invalid byte, and the number of non-ASCII letters before
    it.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    done, wide, chunk = 0, 0, b"-"
    while chunk:
        chunk = file.read(CHUNK)
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(encoding, "replace")
            return done - held + error.start, wide + _wide(good)
        wide = min(SURELY_UTF_8, wide + _wide(text[:CHUNK])) if wide < SURELY_UTF_8 else wide
        done += len(chunk)
    return None


def _wide(text: str) -> int:
    return 0 if text.isascii() else sum(letter > "\x7f" for letter in text)


def _delimiter(sample: str) -> tuple[str, int]:
    """Return the delimiter that splits the most lines into the same number of columns, and that
    number.
    """
    best = (0, 1, ",")
    for delimiter in DELIMITERS:
        widths = Counter(map(len, islice(_sampled(sample, delimiter), SAMPLE_ROWS)))
        if not widths:
            return ",", 0
        width, lines = max(widths.items(), key=lambda pair: (pair[0] > 1) * pair[0] * pair[1])
        if width > 1:
            best = max(best, (lines * width, width, delimiter), key=lambda found: found[0])
    return best[2], best[1]


def _sampled(sample: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from filter(None, csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    except csv.Error:
        return


def _rows(text: io.TextIOWrapper, delimiter: str, limits: Limits) -> Iterator[list[str]]:
    read = 0
    try:
        for row in csv.reader(text, delimiter=delimiter, strict=True):
            yield row
            read += 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise SheetRefused(
                SheetFault.CELL_TOO_LONG, row=read + 1, column=0, limit=limits.cell_length
            ) from None
        raise SheetRefused(SheetFault.BROKEN_QUOTES, row=read + 1) from None
