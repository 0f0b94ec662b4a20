"""Several matters in one cell: how many a cell lists, and a row of the file for each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bihuan.sheets import values
from bihuan.sheets.reader import Cell

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLE = re.compile(f"[{_CIRCLED}]")
# 1. 2、 (3) ４．: a number and its mark, at the start of a line or after the end of an item.
_NUMBER = re.compile(
    r"(?:^|(?<=[\n；;。，,、：:\s]))[ \u3000]*"
    r"(?:[(（]([0-9０-９]{1,2})[)）]|([0-9０-９]{1,2})[)）]|([0-9０-９]{1,2})[.、．:：](?![0-9０-９]))"
)
_LEADING = re.compile(
    r"^\s*(?:[(（]?[0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}[.、．:：]|[①-⑳])\s*(?=\S)"
)
_ENDS = " \t\n\u3000；;。，,、"


_SECOND = re.compile("[\n②]|[2２][)）.、．:：]")


def may_list(cell: Cell) -> bool:
    """Whether a detailed check is worthwhile: most cells contain one item."""
    return isinstance(cell, str) and _SECOND.search(cell) is not None


def items(cell: Cell) -> list[str]:
    """Return the items of a numbered list in the cell; empty if it is not a list."""
    if not isinstance(cell, str) or len(cell) < 4:
        return []
    marks = [(found.start(), found.end(), _value(found)) for found in _marks(cell)]
    # A list counts up from one; anything else that looks like a mark belongs to the text.
    counted: list[tuple[int, int]] = []
    for start, end, number in marks:
        if number == len(counted) + 1:
            counted.append((start, end))
    if len(counted) < 2:
        return []
    lead = cell[: counted[0][0]].strip()
    if lead and lead[-1] not in ":：":
        return []
    ends = [start for start, _end in counted[1:]] + [len(cell)]
    found = [cell[end:stop].strip(_ENDS) for (_start, end), stop in zip(counted, ends, strict=True)]
    return [lead + item for item in found] if all(found) else []


def _marks(cell: str) -> list[re.Match[str]]:
    return list(_CIRCLE.finditer(cell) if _CIRCLE.search(cell) else _NUMBER.finditer(cell))


def _value(mark: re.Match[str]) -> int:
    if mark[0] in _CIRCLED:
        return _CIRCLED.index(mark[0]) + 1
    return int(next(filter(None, mark.groups())))


def lines(cell: Cell) -> list[str]:
    """Return the lines of a cell without their numbers; empty if there is one only."""
    if not isinstance(cell, str) or "\n" not in cell.strip():
        return []
    found = (_LEADING.sub("", line).strip(_ENDS) for line in cell.splitlines())
    return [line for line in found if line]


def listed(cell: Cell, related: Sequence[Cell]) -> list[str]:
    """Return the matters that a cell lists: by numbers, or by as many lines as another cell of
    the row has.
    """
    numbered = items(cell)
    if numbered:
        return numbered
    found = lines(cell)
    same = any(len(lines(other)) == len(found) for other in related)
    return found if len(found) > 1 and same else []


def days_in(cell: Cell, is_day: Callable[[str], bool]) -> list[str]:
    """Return the days that one cell names on separate lines; empty unless each line is one."""
    found = lines(cell)
    return found if len(found) > 1 and all(map(is_day, found)) else []


def part(cell: Cell, at: int, of: int) -> Cell:
    """Return the cell's value for one of several matters: its item, or the whole text."""
    for found in (items(cell), lines(cell)):
        if len(found) == of:
            return found[at]
    return cell


def shown(found: Sequence[str]) -> str:
    return values.short("；".join(found))
