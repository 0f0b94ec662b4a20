"""The styles of a workbook: which numbers are dates, and which text is struck through."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bihuan.sheets.parts import is_on, local

PLAIN, MOMENT, SPAN = "", "moment", "span"
# The built-in number formats without a format code: the last two groups are those of Chinese,
# Japanese and Korean workbooks, such as yyyy"年"m"月"d"日".
_KNOWN = {
    **dict.fromkeys((*range(14, 23), 45, 47, *range(27, 37), *range(50, 59)), MOMENT),
    46: SPAN,
}
_NOT_CODE = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE | re.DOTALL
)
_SPAN = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LETTERS_OF_TIME = re.compile(r"[dmyhs]|aaa", re.IGNORECASE)
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST = date.max.toordinal()
_ANY_DAY = datetime.combine(_EPOCH, time())


class Style(NamedTuple):
    """How a cell's number is interpreted, and whether its text is struck through."""

    kind: str = PLAIN
    struck: bool = False


def styles_of(tree: Element) -> list[Style]:
    """Return the styles by the index that cells refer to."""
    groups = {local(group.tag): group for group in tree}
    codes = {
        each.get("numFmtId", ""): kind_of(each.get("formatCode", ""))
        for each in groups.get("numFmts", ())
    }
    struck = [_is_struck(font) for font in groups.get("fonts", ())]
    return [
        Style(_kind(each.get("numFmtId", "0"), codes), _at(struck, each.get("fontId", "")))
        for each in groups.get("cellXfs", ())
    ]


def _is_struck(font: Iterable[Element]) -> bool:
    return any(local(each.tag) == "strike" and is_on(each.get("val", "1")) for each in font)


def is_struck(properties: Element | None) -> bool:
    """Whether these font properties strike the text through."""
    return properties is not None and _is_struck(properties)


def _kind(number: str, codes: dict[str, str]) -> str:
    if number in codes:
        return codes[number]
    return known_kind(int(number)) if number.isdecimal() else PLAIN


def known_kind(number: int) -> str:
    """Return the type of value that a built-in format shows."""
    return _KNOWN.get(number, PLAIN)


def _at(struck: list[bool], number: str) -> bool:
    return number.isdecimal() and int(number) < len(struck) and struck[int(number)]


def kind_of(code: str) -> str:
    """Return the type of value that a format code shows."""
    first = _NOT_CODE.sub("", code).partition(";")[0]
    if _SPAN.search(first):
        return SPAN
    if first.strip().casefold() == "general":
        return PLAIN
    return MOMENT if _LETTERS_OF_TIME.search(first) else PLAIN


def whole(number: float, kind: str, epoch_1904: bool) -> date | time | timedelta | float:
    """Convert a formatted number to a date, date and time, time of day or duration."""
    if kind == SPAN:
        return _span(number)
    if not 0 <= number < _LAST:
        return number
    days, milliseconds = divmod(round(number * 86_400_000), 86_400_000)
    of_day = timedelta(milliseconds=milliseconds)
    if number < 1:
        return (_ANY_DAY + of_day).time() if not days else number
    # Excel's 1900 calendar contains a 29 February 1900, which did not exist.
    first = _EPOCH_1904 if epoch_1904 else _EPOCH
    try:
        day = first + timedelta(days=days + (not epoch_1904 and days < 60))
    except OverflowError:
        return number
    if not milliseconds:
        return day
    return datetime.combine(day, time()) + of_day


def _span(number: float) -> timedelta | float:
    try:
        return timedelta(milliseconds=round(number * 86_400_000))
    except OverflowError:
        return number
