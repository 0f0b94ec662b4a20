"""Whether the first values of each column fit the field that it is read as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bihuan.ledgers.row_reader import RowReader
from bihuan.ledgers.unread import sample
from bihuan.sheets.columns import is_remark
from bihuan.sheets.ledger.reading import LongTerm, RowRefused, SeveralDays, UnknownWord
from bihuan.sheets.ledger.reading.notes import READ_AS
from bihuan.sheets.reader import SheetRow
from bihuan.sheets.refusals import CellRefused

CHECKED_ROWS = 50
SHOWN = 3
_OF_A_CELL = (CellRefused, LongTerm, SeveralDays, UnknownWord)


@dataclass
class Fit:
    """How many of a column's first cells are filled, how many do not fit, and which.

    `readings` are cells that are not written in full, with how they are read.
    """

    filled: int = 0
    wrong: int = 0
    misfits: list[str] = field(default_factory=list)
    readings: dict[str, str] = field(default_factory=dict)

    @property
    def is_doubtful(self) -> bool:
        """Whether the header promises something else than the cells hold."""
        return self.wrong > 0 and 2 * self.wrong >= self.filled


def fits(
    reader: RowReader, indexes: Mapping[str, int], rows: Sequence[SheetRow], first_row: int
) -> dict[str, Fit]:
    """Read the first records and return, for each field, how its cells fit."""
    found = {name: Fit() for name in indexes}
    for cells in islice((row for row in rows if not is_remark(row)), CHECKED_ROWS):
        _see(reader, indexes, cells.spread(first_row), found)
    return found


def _see(
    reader: RowReader, indexes: Mapping[str, int], cells: SheetRow, found: dict[str, Fit]
) -> None:
    filled = {name for name, at in indexes.items() if at < len(cells) and cells[at] != ""}
    for name in filled:
        found[name].filled += 1
    try:
        notes = reader.read(cells).notes
    except RowRefused as refusal:
        wrong = {fault.field for fault in refusal.faults if isinstance(fault.refusal, _OF_A_CELL)}
        for name in wrong & filled:
            _keep(found[name], sample(cells[indexes[name]]))
        return
    for note in notes:
        if note.kind in READ_AS and len(found[note.field].readings) < SHOWN:
            found[note.field].readings[note.shown] = note.meaning


def _keep(fit: Fit, shown: str) -> None:
    fit.wrong += 1
    if shown not in fit.misfits and len(fit.misfits) < SHOWN:
        fit.misfits.append(shown)
