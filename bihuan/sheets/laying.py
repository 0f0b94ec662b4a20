"""The rows of a sheet as they are sent: blank ones put back, and what is said of each beside it."""

from collections.abc import Iterator
from typing import NamedTuple

from bihuan.sheets.merging import Above
from bihuan.sheets.surveying import Survey

Wire = object
"""A cell as it is sent: a plain value, or a named one in a dictionary."""
Row = list[Wire] | dict[str, object]
"""The cells of a row, or those and what else is said of it."""
Notes = dict[int, list[tuple[int, str]]]
"""The notes on cells, by their row: column and words."""

BLANK = ""


class Line(NamedTuple):
    """One row: its number, its cells up to the last that holds anything, and what else is said."""

    number: int
    cells: list[Wire]
    hidden: bool
    struck: list[int]


def laid_out(lines: Iterator[Line], known: Survey, notes: Notes, width: int) -> Iterator[Row]:
    """Every row down to the last that holds anything."""
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
        if line.hidden or line.struck or merged or noted:
            yield {
                "cells": line.cells,
                "hidden": line.hidden,
                "struck": line.struck,
                "notes": noted,
                "above": merged,
            }
        else:
            yield line.cells
    for _blank_row in range(before + 1, known.last + 1):
        yield [BLANK] * width
