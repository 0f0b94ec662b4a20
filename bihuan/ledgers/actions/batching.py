"""The rows of a file in batches, each row with its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from bihuan.sheets.reader import SheetRow

Numbered = tuple[int, SheetRow]


def batches(rows: Iterable[SheetRow], data_row: int, size: int) -> Iterator[list[Numbered]]:
    """Yield the non-blank rows under the header, each with its number in the file."""
    records = (
        (number, row)
        for number, row in enumerate(rows, start=1)
        if number >= data_row and row.count("") < len(row)
    )
    while batch := list(islice(records, size)):
        yield batch
