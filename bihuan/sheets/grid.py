"""Stream the rows of one sheet of an .xlsx workbook."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from math import isfinite

from bihuan.sheets.laying import BLANK, Line, Wire
from bihuan.sheets.limits import Limits
from bihuan.sheets.parts import Package, index_of, is_on
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.styles import PLAIN, Style, whole
from bihuan.sheets.texts import Texts, plain
from bihuan.sheets.written import Part, Written, written_rows

REMEMBERED = 20_000
_TAG = re.compile("<[^<>]*>")


class Grid:
    """Reads the cells of one workbook's sheets."""

    def __init__(
        self,
        texts: Texts,
        styles: list[Style],
        limits: Limits,
        *,
        epoch_1904: bool = False,
        works_out_on_opening: bool = False,
    ) -> None:
        self._texts, self._limits = texts, limits
        self._epoch_1904, self._works_out_on_opening = epoch_1904, works_out_on_opening
        self._kinds = {str(at): style.kind for at, style in enumerate(styles) if style.kind}
        self._struck = frozenset(str(at) for at, style in enumerate(styles) if style.struck)
        self._strikes = bool(self._struck) or texts.any_struck
        self._columns: dict[str, int] = {}
        self._days: dict[tuple[str, str], Wire] = {}

    def lines(self, package: Package, name: str) -> Iterator[Line]:
        """Yield the non-empty rows of a sheet."""
        number = 0
        for row in written_rows(package, name):
            number = row.number or number + 1
            line = self._line(row, number)
            if line.cells:
                yield line

    def _line(self, row: Written, number: int) -> Line:
        digits, columns, most = str(number), self._columns, self._limits.columns
        strikes = self._strikes or bool(row.struck)
        cells: list[Wire] = []
        struck: list[int] = []
        at = -1
        for letters, of_row, style, kind, formula, value, words in row.cells:
            if letters is None:
                at += 1
            elif of_row != digits:
                raise SheetRefused(SheetFault.DAMAGED)
            else:
                at = columns.get(letters, -1)
                if at < 0:
                    at = columns[letters] = index_of(letters)
            shown = plain(words) if words else self._value(kind, style, formula, value)
            if shown == BLANK:
                continue
            # Two million cells pass through here in one import, so avoid function calls.
            if at == len(cells) < most:
                cells.append(shown)
            else:
                self._put(cells, at, shown)
            if strikes and (self._is_struck(style, kind, value) or letters in row.struck):
                struck.append(at)
        return Line(number, cells, row.hidden, struck)

    def _is_struck(self, style: Part, kind: Part, value: Part) -> bool:
        of_text = kind == "s" and value is not None and self._texts.is_struck(value)
        return of_text or style in self._struck

    def _put(self, cells: list[Wire], at: int, value: Wire) -> None:
        missing = at - len(cells)
        if missing < 0:
            cells[at] = value
            return
        require_column(at, self._limits)
        if missing:
            cells.extend([BLANK] * missing)
        cells.append(value)

    def _value(self, kind: Part, style: Part, formula: Part, value: Part) -> Wire:
        if formula and self._is_unsaved(kind, value):
            return {"unsaved_formula": "=" + _TAG.sub("", formula)}
        if not value:
            return BLANK
        if not kind or kind == "n":
            return self._number(value, style)
        if kind == "s":
            return self._texts.at(value)
        if kind == "str" or kind == "inlineStr":
            return plain(value)
        if kind == "b":
            return is_on(value.strip())
        return _iso(value) if kind == "d" else {"error": value}

    def _is_unsaved(self, kind: Part, value: Part) -> bool:
        """Whether no result was saved, or a 0 by a program that leaves the calculation to
        others.
        """
        if kind == "str":
            return False
        return not value or (self._works_out_on_opening and value == "0" and not kind)

    def _number(self, written: str, style: Part) -> Wire:
        shown_as = self._kinds.get(style, PLAIN) if style else PLAIN
        known = self._days.get((written, shown_as)) if shown_as else None
        if known is not None:
            return known
        try:
            number = float(written)
        except ValueError:
            return {"error": written}
        if not isfinite(number):
            return {"error": written}
        if not shown_as:
            return number
        found: Wire = whole(number, shown_as, self._epoch_1904)
        if not isinstance(found, float):
            found = named(found)
        if len(self._days) < REMEMBERED:
            self._days[written, shown_as] = found
        return found


def require_column(at: int, limits: Limits) -> None:
    """Refuse a non-empty cell to the right of the last column that is read."""
    if at >= limits.columns:
        raise SheetRefused(SheetFault.TOO_MANY_COLUMNS, columns=at + 1, limit=limits.columns)


def named(value: object) -> dict[str, str | float]:
    """Encode a date, time or duration as a named plain value; the reader decodes it."""
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, (date, time)):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(type(value))


def _iso(written: str) -> Wire:
    for kind in (date, datetime, time):
        with suppress(ValueError):
            return named(kind.fromisoformat(written))
    return written
