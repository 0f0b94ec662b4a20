"""Stream the rows of one sheet of an .ods workbook."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from math import isfinite

from bihuan.sheets import odf
from bihuan.sheets.grid import named, require_column
from bihuan.sheets.laying import BLANK, Line, Notes, Wire
from bihuan.sheets.limits import Limits
from bihuan.sheets.lost import is_lost
from bihuan.sheets.odf import Attributes

_WHITE = re.compile(r"[ \t\r\n]+")
_INLINE = {odf.SPAN, odf.LINK}
_SIGNS = {odf.TAB: "\t", odf.BREAK: "\n"}
_NUMBERS = {"float", "percentage", "currency"}
MOST_SPACES = 1024
NO_WORDS = "#ERROR!"


class Rows:
    """The parser's callbacks for one sheet."""

    def __init__(
        self, sheet: int, last: int, struck_styles: set[str], notes: Notes, limits: Limits
    ) -> None:
        self._tables_before, self._last = sheet, last
        self._struck_styles, self._notes, self._limits = struck_styles, notes, limits
        # Completed rows, each with its number of repetitions.
        self._done: list[tuple[Line, int]] = []
        self._number, self._row = 0, Line(0, [], False, [])
        self._repeated, self._at = 1, 0
        self._cell: Attributes | None = None
        self._is_struck = False
        self._said: list[str] = []
        self._noted: list[str] | None = None
        self._words: list[str] | None = None
        # Nesting depth inside an element of a cell that is not its text, such as a drawing.
        self._within = 0
        self._parser = odf.parser()
        self._parser.StartElementHandler = self._seek

    def lines(self, chunks: Iterable[bytes]) -> Iterator[Line]:
        """Yield the non-empty rows."""
        for chunk in chunks:
            odf.feed(self._parser, chunk)
            for row, repeated in self._done:
                for again in range(min(repeated, self._last - row.number + 1)):
                    yield row._replace(number=row.number + again, cells=[*row.cells])
            self._done.clear()
            if self._number >= self._last:
                return

    def _seek(self, name: str, _attributes: Attributes) -> None:
        if name == odf.TABLE:
            if not self._tables_before:
                self._parser.StartElementHandler = self._start
                self._parser.EndElementHandler = self._end
                self._parser.CharacterDataHandler = self._characters
            self._tables_before -= 1

    # ------------------------------------------------------------ rows and cells
    def _start(self, name: str, attributes: Attributes) -> None:
        if self._within:
            self._within += 1
        elif name == odf.CELL or name == odf.COVERED_CELL:
            self._cell = attributes
            self._said = []
            self._is_struck = attributes.get(odf.TABLE_STYLE) in self._struck_styles
        elif name == odf.ROW:
            hidden = attributes.get(odf.VISIBILITY, "visible") != "visible"
            self._row, self._at = Line(self._number + 1, [], hidden, []), 0
            self._repeated = odf.count(attributes.get(odf.ROWS_REPEATED))
        elif self._cell is not None:
            self._start_in_cell(name, attributes)

    def _end(self, name: str) -> None:
        if self._within:
            self._within -= 1
        elif name == odf.PARAGRAPH:
            self._end_paragraph()
        elif name == odf.CELL or name == odf.COVERED_CELL:
            self._end_cell(self._cell or {})
            self._cell = None
        elif name == odf.ROW:
            if self._row.cells:
                self._done.append((self._row, self._repeated))
            self._number += self._repeated
        elif name == odf.ANNOTATION and self._noted is not None:
            self._end_note(self._noted)
            self._noted = None

    def _end_cell(self, attributes: Attributes) -> None:
        repeated = odf.count(attributes.get(odf.COLUMNS_REPEATED))
        first, self._at = self._at, self._at + repeated
        value = value_of(attributes, self._said)
        if value == BLANK:
            return
        require_column(self._at - 1, self._limits)
        cells = self._row.cells
        cells.extend([BLANK] * (first - len(cells)))
        cells.extend([value] * repeated)
        if self._is_struck:
            self._row.struck.extend(range(first, self._at))

    # -------------------------------------------------------------------- words
    def _start_in_cell(self, name: str, attributes: Attributes) -> None:
        words = self._words
        if words is None:
            if name == odf.PARAGRAPH:
                self._words = []
            elif name == odf.ANNOTATION:
                self._noted = []
            else:
                self._within = 1
        elif name in _INLINE:
            struck = attributes.get(odf.TEXT_STYLE) in self._struck_styles
            self._is_struck = self._is_struck or struck
        elif name == odf.SPACES:
            words.append(" " * min(odf.count(attributes.get(odf.SPACE_COUNT)), MOST_SPACES))
        elif name in _SIGNS:
            words.append(_SIGNS[name])
        else:
            self._within = 1

    def _characters(self, written: str) -> None:
        if self._words is not None and not self._within:
            self._words.append(_WHITE.sub(" ", written))

    def _end_paragraph(self) -> None:
        if self._words is not None:
            texts = self._said if self._noted is None else self._noted
            texts.append("".join(self._words))
            self._words = None

    def _end_note(self, noted: list[str]) -> None:
        note = (self._at, "\n".join(noted).strip())
        self._notes.setdefault(self._row.number, []).append(note)


def value_of(attributes: Attributes, paragraphs: list[str]) -> Wire:
    """Return the value of a cell with these attributes and text."""
    if not attributes and not paragraphs:
        return BLANK
    words, kind = "\n".join(paragraphs), attributes.get(odf.VALUE_TYPE, "")
    if _is_error(attributes, words):
        return {"error": words or NO_WORDS}
    if odf.FORMULA in attributes and not kind and not paragraphs:
        return {"unsaved_formula": "=" + attributes[odf.FORMULA].partition("=")[2]}
    if kind in _NUMBERS:
        return _number(attributes.get(odf.VALUE, ""))
    if kind == "date":
        written = attributes.get(odf.OF_DATE, "")
        return _day(written) or words or _unreadable(written)
    if kind == "time":
        written = attributes.get(odf.OF_TIME, "")
        found = odf.of_day(written)
        return words or _unreadable(written) if found is None else named(found)
    if kind == "boolean":
        return attributes.get(odf.OF_BOOLEAN) == "true"
    return words or attributes.get(odf.OF_STRING, "")


def _is_error(attributes: Attributes, words: str) -> bool:
    """Whether the cell is an error: LibreOffice marks it; for other programs only the formula's
    text shows it.
    """
    if attributes.get(odf.OFFICES_TYPE) == "error":
        return True
    return odf.FORMULA in attributes and is_lost(words)


def _number(written: str) -> Wire:
    with suppress(ValueError):
        number = float(written)
        if isfinite(number):
            return number
    return {"error": written or NO_WORDS}


def _unreadable(written: str) -> Wire:
    """Return a broken cell for an invalid date or time; a blank would hide the error."""
    return {"error": written} if written else BLANK


def _day(written: str) -> Wire:
    for kind in (date, datetime):
        with suppress(ValueError):
            return named(kind.fromisoformat(written))
    return None
