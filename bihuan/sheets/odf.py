"""The XML names of an .ods workbook, and the meaning of their attributes."""

import re
from datetime import time, timedelta
from xml.parsers import expat

from bihuan.sheets.refusals import SheetFault, SheetRefused

Attributes = dict[str, str]

_OF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 {}"


def _name(space: str, name: str) -> str:
    return _OF.format(space, name)


STYLE, STYLE_NAME = _name("style", "style"), _name("style", "name")
TABLE_PROPERTIES, DISPLAY = _name("style", "table-properties"), _name("table", "display")
TEXT_PROPERTIES = _name("style", "text-properties")
LINE_THROUGH = _name("style", "text-line-through-style")
NULL_DATE, DATE_VALUE = _name("table", "null-date"), _name("table", "date-value")
TABLE, NAME, TABLE_STYLE = (_name("table", each) for each in ("table", "name", "style-name"))
IS_SUB_TABLE, TABLE_SOURCE = _name("table", "is-sub-table"), _name("table", "table-source")
DDE_LINKS = _name("table", "dde-links")
COLUMN, COLUMNS_REPEATED = _name("table", "table-column"), _name("table", "number-columns-repeated")
ROW, ROWS_REPEATED = _name("table", "table-row"), _name("table", "number-rows-repeated")
VISIBILITY = _name("table", "visibility")
CELL, COVERED_CELL = _name("table", "table-cell"), _name("table", "covered-table-cell")
ROWS_SPANNED, FORMULA = _name("table", "number-rows-spanned"), _name("table", "formula")
COLUMNS_SPANNED = _name("table", "number-columns-spanned")
VALUE_TYPE = _name("office", "value-type")
VALUE, OF_DATE, OF_TIME, OF_BOOLEAN, OF_STRING = (
    _name("office", each)
    for each in ("value", "date-value", "time-value", "boolean-value", "string-value")
)
OFFICES_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
ANNOTATION = _name("office", "annotation")
PARAGRAPH, SPAN, LINK = _name("text", "p"), _name("text", "span"), _name("text", "a")
SPACES, TAB, BREAK = _name("text", "s"), _name("text", "tab"), _name("text", "line-break")
TEXT_STYLE, SPACE_COUNT = _name("text", "style-name"), _name("text", "c")

_DURATION = re.compile(
    r"(-?)P(?:(\d{1,7})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9}(?:\.\d{1,12})?)S)?)?"
)


def parser() -> "expat.XMLParserType":
    """Create a parser that resolves namespaces and buffers text."""
    made = expat.ParserCreate("utf-8", " ")
    made.buffer_text = True
    return made


def feed(to: "expat.XMLParserType", chunk: bytes, *, last: bool = False) -> None:
    try:
        to.Parse(chunk, last)
    except expat.ExpatError:
        raise SheetRefused(SheetFault.DAMAGED) from None


def count(written: str | None) -> int:
    """Return a repeat or span attribute as a number; 1 if it is missing."""
    if written is None:
        return 1
    if not (written.isascii() and written.isdecimal() and len(written) <= 8 and int(written)):
        raise SheetRefused(SheetFault.DAMAGED)
    return int(written)


def of_day(written: str) -> time | timedelta | None:
    """Convert a time of day, or a duration that is longer or negative."""
    found = _DURATION.fullmatch(written)
    if found is None:
        return None
    days, hours, minutes = (int(found[at] or 0) for at in (2, 3, 4))
    span = timedelta(
        days=days, hours=hours, minutes=minutes, milliseconds=round(float(found[5] or 0) * 1000)
    )
    if found[1]:
        return -span
    if span >= timedelta(days=1):
        return span
    seconds = span.seconds
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, span.microseconds)
