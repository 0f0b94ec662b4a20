"""Formulas of an .xls workbook; xlrd keeps only their values.

A formula that was never calculated is saved as 0 or as an empty text, and so is one whose result is
0 or empty: the file does not distinguish them.
"""

import os
from collections.abc import Iterator
from struct import error, unpack_from

from xlrd import biffh, compdoc

_BOF, _EOF, _BOUNDSHEET, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0006
_HEAD, _VALUE = 4, 6
_WORKSHEET = b"\0"
_ZERO, _EMPTY_TEXT = bytes(8), b"\x03"
_NO_NUMBER = b"\xff\xff"


class Formulas:
    """The formulas of one workbook, by sheet."""

    def __init__(self, content: bytes) -> None:
        self._records = _records_of(content)
        starts = (
            unpack_from("<I", data)[0]
            for code, data in _from(self._records, 0)
            if code == _BOUNDSHEET and data[5:6] == _WORKSHEET
        )
        self._starts = list(starts)

    def unsure(self, sheet: int) -> int:
        """Return how many formulas of this sheet have the value 0 or an empty text."""
        if sheet >= len(self._starts):
            return 0
        found = _from(self._records, self._starts[sheet])
        return sum(code == _FORMULA and _is_unsure(data) for code, data in found)


def _is_unsure(formula: bytes) -> bool:
    value = formula[_VALUE : _VALUE + 8]
    is_text = value[6:] == _NO_NUMBER
    return value[:1] == _EMPTY_TEXT if is_text else value == _ZERO


def _records_of(content: bytes) -> bytes:
    """Return the workbook's stream; older files consist of that stream only."""
    if not content.startswith(compdoc.SIGNATURE):
        return content
    with open(os.devnull, "w") as nowhere:
        try:
            document = compdoc.CompDoc(content, logfile=nowhere)
            return next(filter(None, map(document.get_named_stream, ("Workbook", "Book"))), b"")
        except (compdoc.CompDocError, biffh.XLRDError, AssertionError, IndexError, error):
            return b""


def _from(records: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part, without those of charts nested in it."""
    depth = 0
    while at + _HEAD <= len(records):
        code, length = unpack_from("<HH", records, at)
        depth += (code == _BOF) - (code == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield code, records[at + _HEAD : at + _HEAD + length]
        at += _HEAD + length
