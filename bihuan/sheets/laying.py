"""Encode the rows of a sheet for the reader: restore blank rows, and add data about each row."""

from collections.abc import Iterator
from typing import NamedTuple

from bihuan.sheets.merging import Above
from bihuan.sheets.surveying import Survey

Wire = object
"""An encoded cell: a plain value, or a named one in a dictionary."""
Row = list[Wire] | dict[str, object]
"""The cells of a row, or the cells with further data about the row."""
Notes = dict[int, list[tuple[int, str]]]
"""The notes on cells, by row: column and text."""

BLANK = ""


class Line(NamedTuple):
    """One row: its number, its cells up to the last non-empty one, and further data."""

    number: int
    cells: list[Wire]
    hidden: bool
    struck: list[int]


def laid_out(lines: Iterator[Line], known: Survey, notes: Notes, width: int) -> Iterator[Row]:
    """Yield every row down to the last non-empty one."""
    above = Above(known.merged)
    before = 0
    for line in lines:
        width = max(width, len(line.cells))
        for _blank_row in range(before + 1, line.number):
            yield [BLANK] * width
        before = line.number
        line.cells.extend([BLANK] * (width - len(line.cells)))
        merged = above.said(line.number, line.cells)
        noted = notes.pop(line.number, ())
        across = known.merged.across.get(line.number)
        if line.hidden or line.struck or merged or noted or across:
            yield {
                "cells": line.cells,
                "hidden": line.hidden,
                "struck": line.struck,
                "notes": noted,
                "above": merged,
                "across": list(across.items()) if across else [],
            }
        else:
            yield line.cells
    for _blank_row in range(before + 1, known.last + 1):
        yield [BLANK] * width
