"""Survey a sheet of an .xlsx workbook without parsing its cells."""

import re
from dataclasses import dataclass, field

from bihuan.sheets.limits import Limits
from bihuan.sheets.merging import Merged
from bihuan.sheets.parts import Package, index_of, is_on, local
from bihuan.sheets.written import pieces_of

_ROW = re.compile(rb"<(?:[\w.-]+:)?row\s(?:[^<>]*\s)?r\s*=\s*[\"'](\d+)")
_MERGED = re.compile(
    rb"<(?:[\w.-]+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7})"
    rb":\$?([A-Z]{1,3})\$?(\d{1,7})[\"']"
)
_CELL = re.compile(rb'<c r="([A-Z]{1,3})\d')
_FILTERED = re.compile(rb"<(?:[\w.-]+:)?filterColumn\s")
_OVERLAP = 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as listed in the workbook, with the name of its part."""

    name: str
    hidden: bool
    is_table: bool
    part: str = ""


@dataclass(slots=True)
class Survey:
    """What is known of a sheet before its rows are read."""

    filled: int = 0
    """The number of non-empty rows."""
    last: int = 0
    """The number of the last non-empty row."""
    width: int = 0
    """The number of columns, if it can be determined cheaply."""
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    unsure_formulas: int = 0
    """Formulas with the value 0 or empty in a file that does not record whether they were
    calculated.
    """
    merged: Merged = field(default_factory=Merged)


def survey(package: Package, name: str, limits: Limits) -> Survey:
    """Stream once through a sheet without parsing its cells."""
    found = Survey()
    pieces = pieces_of(package, name)
    for column in pieces.head_tree().iter():
        if local(column.tag) == "col" and is_on(column.get("hidden")):
            first, last = int(column.get("min", 1)), int(column.get("max", 0))
            found.hidden_columns += range(first - 1, min(last, limits.columns))
    for piece in pieces.raw():
        _count(piece, pieces.item_end, found)
    rest = b""
    for chunk in pieces.tail():
        rest += chunk
        found.filtered = found.filtered or _FILTERED.search(rest) is not None
        end = 0
        for merge in _MERGED.finditer(rest):
            end = merge.end()
            column_, first, last = index_of(merge[1].decode()), int(merge[2]), int(merge[4])
            if last > first:
                found.merged.add(column_, first, last)
            last_column = min(index_of(merge[3].decode()), limits.columns - 1)
            found.merged.add_across(first, column_, last_column)
        rest = rest[max(end, len(rest) - _OVERLAP) :]
    return found


def _count(piece: bytes, row_end: bytes, found: Survey) -> None:
    for row in piece.split(row_end):
        end = max(row.rfind(b"v>"), row.rfind(b"is>"))
        if end < 0:
            end = row.rfind(b"f>")
        if end >= 0:
            found.filled += 1
            found.last = _number(row, end) or found.last + 1
            cell = _CELL.match(row, row.rfind(b"<c ", 0, end))
            if cell is not None:
                found.width = max(found.width, index_of(cell[1].decode()) + 1)


def _number(row: bytes, end: int) -> int:
    """Return the number of the last row that begins in these bytes, or 0 if there is none."""
    at = row.rfind(b"<row ", 0, end)
    if at >= 0:
        found = _ROW.match(row, at)
        return int(found[1]) if found else 0
    numbers = _ROW.findall(row, 0, end)
    return int(numbers[-1]) if numbers else 0
