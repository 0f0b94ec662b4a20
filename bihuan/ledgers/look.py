"""A preview of the first rows of a file, stored so that its columns can be corrected.

Nothing that identifies members of the public is stored: of their columns only the headers.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.mapping import Mapping, Placed
from bihuan.ledgers.sheet import chooser, sheet_facts
from bihuan.sheets.columns import Column, Role, is_remark
from bihuan.sheets.ledger import types
from bihuan.sheets.limits import ORDINARY
from bihuan.sheets.reader import Cell, open_table
from bihuan.sheets.values import short, written

AHEAD = 200
ROWS = 8
# A user waits for this preview; what takes longer is left to the worker, with a longer limit.
PATIENT = replace(ORDINARY, seconds=20, waited=20)


@dataclass(frozen=True)
class Seen:
    """One column: its header and note, the recognised field, and the confidence."""

    index: int
    title: str
    note: str
    role: str
    sure: float
    personal: str
    # Possible fields, of which the user must choose one or none.
    candidates: list[str] = field(default_factory=list)
    # The unit of bare numbers: an amount in yuan, or days.
    money: str = ""
    in_days: bool = False

    @property
    def is_personal(self) -> bool:
        return self.role == Role.PERSONAL

    @property
    def is_serial(self) -> bool:
        return self.role == Role.SERIAL


@dataclass(frozen=True)
class Look:
    """The sheet that is read, its header, its columns and its first rows."""

    sheet: str
    sheets: list[str]
    height: int | None
    header_row: int
    columns: list[Seen]
    rows: list[list[str]]
    last_header_row: int = 0
    looks_like: str = ""
    # Which sheets are not read, and whether a filter is set: see `sheet_facts`.
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def samples(self, index: int, most: int = 3) -> list[str]:
        """Return the first different values of a column."""
        parts = [row[index] for row in self.rows if index < len(row) and row[index]]
        return list(dict.fromkeys(parts))[:most]


def from_json(stored: Map[str, Any]) -> Look:
    return Look(**{**stored, "columns": [Seen(**column) for column in stored["columns"]]})


def look(
    path: Path,
    mapping: Mapping | None,
    sheet: str | None = None,
    header_row: int = 0,
    *,
    kind: str,
) -> tuple[Look, Mapping]:
    """Preview a file through a mapping, or guess one for a ledger of this type."""
    vocabulary = types.of(kind).vocabulary
    choose = chooser(mapping, vocabulary)
    with open_table(path, sheet=sheet, choose=choose, limits=PATIENT) as table:
        ahead = list(islice(table.rows, AHEAD))
        if mapping is None:
            mapping, placed = mappings.guessed(ahead, vocabulary, header_row)
        else:
            if header_row:
                mapping = replace(mapping, header_row=header_row)
            placed = mappings.laid_over(mapping, ahead)
        found = Look(
            sheet=table.sheet,
            sheets=[each.name for each in table.sheets if not each.hidden],
            height=table.height,
            header_row=placed.header_row,
            last_header_row=placed.data_row - 1,
            looks_like=placed.looks_like,
            facts=sheet_facts(table, vocabulary),
            columns=[_seen(column, placed) for column in placed.columns],
            rows=_first(ahead[placed.data_row - 1 :], placed),
        )
    return found, mapping


def written_map(path: Path, sheet: str | None = None, header_row: int = 0, *, kind: str) -> str:
    """Write the recognised mapping as a file to be corrected, with open questions as comments."""
    vocabulary = types.of(kind).vocabulary
    choose = chooser(None, vocabulary)
    with open_table(path, sheet=sheet, choose=choose) as table:
        ahead = list(islice(table.rows, AHEAD))
        mapping, placed = mappings.guessed(ahead, vocabulary, header_row)
    return mappings.as_toml(mapping, placed)


def _seen(column: Column, placed: Placed) -> Seen:
    fields = [name for name, index in placed.indexes.items() if index == column.index]
    unit = next((placed.money_units[name] for name in fields if name in placed.money_units), 1)
    return Seen(
        column.index,
        column.title,
        column.note,
        column.role.value,
        column.sure,
        column.personal.value if column.personal else "",
        list(column.candidates),
        "" if unit == 1 else str(unit),
        not placed.in_days.isdisjoint(fields),
    )


def _first(data: Sequence[Sequence[Cell]], placed: Placed) -> list[list[str]]:
    personal = {column.index for column in placed.left_out}
    rows = islice((row for row in data if not is_remark(row)), ROWS)
    return [
        ["" if index in personal else short(written(cell)) for index, cell in enumerate(row)]
        for row in rows
    ]
