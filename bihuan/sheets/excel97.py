"""An .xls workbook in the parser's process, read by xlrd, which holds the whole workbook in
memory.
"""

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlrd

from bihuan.sheets.formulas97 import Formulas
from bihuan.sheets.grid import named
from bihuan.sheets.laying import BLANK, Line, Notes, Row, Wire, laid_out
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.styles import PLAIN, kind_of, known_kind, whole
from bihuan.sheets.surveying import Listed, Survey


class OldBook:
    """One open workbook."""

    def __init__(self, file: BinaryIO) -> None:
        content = file.read()
        self._book = _opened(content)
        self._formulas = Formulas(content)
        self.epoch_1904 = self._book.datemode == 1
        self.sheets = tuple(
            Listed(sheet.name, sheet.visibility != 0, is_table=True, part=str(at))
            for at, sheet in enumerate(self._book.sheets())
        )
        fonts = self._book.font_list
        formats = self._book.format_map
        self._kinds = [_kind(formats.get(style.format_key)) for style in self._book.xf_list]
        self._struck = [bool(fonts[style.font_index].struck_out) for style in self._book.xf_list]
        self._surveys: dict[str, Survey] = {}

    def survey(self, sheet: Listed) -> Survey:
        """Return the number of non-empty rows, the last of them, and the merged and hidden
        ranges.
        """
        known = self._surveys.get(sheet.part)
        if known is None:
            known = self._surveys[sheet.part] = Survey()
            table = self._book.sheet_by_index(int(sheet.part))
            for line in self._lines(table):
                known.filled, known.last = known.filled + 1, line.number
            for first, after, column, after_column in table.merged_cells:
                if after - first > 1:
                    known.merged.add(column, first + 1, after)
                known.merged.add_across(first + 1, column, after_column - 1)
            known.hidden_columns += sorted(
                column for column, each in table.colinfo_map.items() if each.hidden
            )
            known.unsure_formulas = self._formulas.unsure(int(sheet.part))
        return known

    def rows(self, sheet: Listed) -> Iterator[Row]:
        """Yield every row down to the last non-empty one, encoded for the reader."""
        table = self._book.sheet_by_index(int(sheet.part))
        notes = Notes()
        for (row, column), note in sorted(table.cell_note_map.items()):
            notes.setdefault(row + 1, []).append((column, note.text.strip()))
        return laid_out(self._lines(table), self.survey(sheet), notes, 0)

    def _lines(self, table: Any) -> Iterator[Line]:
        for at in range(table.nrows):
            line = self._line(table, at)
            if line.cells:
                yield line

    def _line(self, table: Any, row: int) -> Line:
        cells: list[Wire] = []
        struck: list[int] = []
        kinds, values = table.row_types(row), table.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            style = table.cell_xf_index(row, column)
            value_shown = self._said(kind, value, style)
            if value_shown == BLANK:
                continue
            cells.extend([BLANK] * (column - len(cells)))
            cells.append(value_shown)
            if self._struck[style]:
                struck.append(column)
        info = table.rowinfo_map.get(row)
        return Line(row + 1, cells, bool(info and info.hidden), struck)

    def _said(self, kind: int, value: Any, style: int) -> Wire:
        if kind == xlrd.XL_CELL_ERROR:
            return {"error": xlrd.error_text_from_code.get(value, f"#{value}")}
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return self._number(float(value), style)
        return value if kind == xlrd.XL_CELL_TEXT else BLANK

    def _number(self, number: float, style: int) -> Wire:
        kind = self._kinds[style]
        if kind == PLAIN:
            return number
        found = whole(number, kind, self.epoch_1904)
        return found if isinstance(found, float) else named(found)


def _kind(format_: Any) -> str:
    if format_ is None:
        return PLAIN
    return kind_of(format_.format_str) or known_kind(format_.format_key)


def _opened(content: bytes) -> Any:
    """Open the workbook; the library raises arbitrary errors for damaged files."""
    try:
        with open(os.devnull, "w") as nowhere:
            return xlrd.open_workbook(
                file_contents=content, formatting_info=True, ragged_rows=True, logfile=nowhere
            )
    except MemoryError:
        raise
    except Exception:
        raise SheetRefused(SheetFault.DAMAGED) from None
