"""A workbook of another kind than .xlsx, read by calamine, which holds the whole sheet."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import python_calamine as calamine

from bihuan.sheets.merging import Above, Merged
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.surveying import Listed, Survey

Row = list[object] | dict[str, object]
PLAIN: dict[str, object] = {"hidden": False, "struck": (), "notes": ()}


class OtherBook:
    """One open workbook."""

    epoch_1904 = False

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        # By its content: a path's suffix would decide what kind of file it is taken for.
        self._book = _or_refused(calamine.CalamineWorkbook.from_filelike, file)
        self.sheets = tuple(
            Listed(
                one.name,
                one.visible != calamine.SheetVisibleEnum.Visible,
                one.typ == calamine.SheetTypeEnum.WorkSheet,
            )
            for one in self._book.sheets_metadata
        )
        self._surveys: dict[str, Survey] = {}
        self._table: tuple[str, Any] = ("", None)

    def survey(self, sheet: Listed) -> Survey:
        """How many rows hold anything, which is the last, and what is merged."""
        known = self._surveys.get(sheet.name)
        if known is None:
            known = self._surveys[sheet.name] = Survey()
            for number, row in enumerate(self.rows(sheet), start=1):
                if any(cell != "" for cell in row):
                    known.filled, known.last = known.filled + 1, number
            # It knows of merged cells in .xls and .xlsb only.
            for (first, column), (last, _column) in self._read(sheet).merged_cell_ranges or ():
                if last > first:
                    known.merged.add(column, first + 1, last + 1)
        return known

    def rows(self, sheet: Listed) -> Iterator[Row]:
        """Every row down to the last that holds anything."""
        merged = self._surveys.get(sheet.name)
        above = Above(merged.merged if merged else Merged())
        table = self._read(sheet)
        # Calamine begins at the first filled column; an index must mean the file's column.
        blank = [""] * table.start[1] if table.start else []
        for number, cells in enumerate(table.iter_rows(), start=1):
            row = [*blank, *cells]
            said = above.said(number, row)
            yield {**PLAIN, "cells": row, "above": said} if said else row

    def _read(self, sheet: Listed) -> Any:
        if self._table[0] != sheet.name or self._table[1] is None:
            self._table = ("", None)
            self._table = (sheet.name, _or_refused(self._book.get_sheet_by_name, sheet.name))
        return self._table[1]


def _or_refused(read: Any, argument: Any) -> Any:
    try:
        return read(argument)
    except MemoryError:
        raise
    # A panic of the Rust library is a BaseException.
    except BaseException:
        raise SheetRefused(SheetFault.DAMAGED) from None
