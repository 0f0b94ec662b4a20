"""A preview of the first rows of a file, stored so that its columns can be corrected.

Nothing that identifies members of the public is stored: of their columns only the headers.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bihuan.clocks.actions import running
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.fitting import Fit, fits
from bihuan.ledgers.mapping import Mapping, Placed
from bihuan.ledgers.row_reader import RowReader
from bihuan.ledgers.sheet import chooser, sheet_facts
from bihuan.ledgers.unread import SAMPLES, sample
from bihuan.orgs.models import Unit
from bihuan.sheets.columns import Column, Role, is_remark, letters
from bihuan.sheets.dates import named_in
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.limits import ORDINARY
from bihuan.sheets.reader import OpenedSheet, SheetRow, open_table
from bihuan.sheets.titles import name_key

AHEAD = 200
ROWS = 8
# A user waits for this preview; what takes longer is left to the worker, with a longer limit.
PATIENT = replace(ORDINARY, seconds=20, waited=20)


@dataclass(frozen=True)
class Seen:
    """One column: its header and note, the recognised field, and the confidence.

    `samples` are its first different values. `misfits` are first values that do not fit the field
    `checked_as`, `is_doubtful` whether they are at least half of them; `readings` are values that
    are not written in full, each with how it is read.
    """

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
    letter: str = ""
    samples: list[str] = field(default_factory=list)
    checked_as: str = ""
    misfits: list[str] = field(default_factory=list)
    is_doubtful: bool = False
    readings: list[list[str]] = field(default_factory=list)

    @property
    def has_header(self) -> bool:
        return self.title not in ("", f"[{self.letter}]")

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
    # When the choices were made that are used again for the same headers.
    recalled_at: str = ""
    looks_like: str = ""
    # Which sheets are not read, and whether a filter is set: see `sheet_facts`.
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def header_digest(self, kind: str) -> str:
        """Return a digest of the headers, which is equal for files with the same columns."""
        names = [name_key(column.title) for column in self.columns if column.has_header]
        return blake2b("\0".join([kind, *names]).encode(), digest_size=16).hexdigest()

    def samples(self, column: Seen) -> list[str]:
        """Return the first different values of a column; earlier releases kept only the rows."""
        parts = [row[column.index] for row in self.rows if column.index < len(row)]
        return column.samples or list(dict.fromkeys(filter(None, parts)))[:SAMPLES]


def from_json(stored: Map[str, Any]) -> Look:
    return Look(**{**stored, "columns": [Seen(**column) for column in stored["columns"]]})


@dataclass(frozen=True)
class For:
    """What a file is read for: its type of ledger, its unit, on which day."""

    kind: str
    unit: Unit
    today: date


def look(
    path: Path,
    mapping: Mapping | None,
    sheet: str | None = None,
    header_row: int = 0,
    *,
    wanted: For,
) -> tuple[Look, Mapping]:
    """Preview a file through a mapping, or guess one for a ledger of this type."""
    vocabulary = types.of(wanted.kind).vocabulary
    choose = chooser(mapping, vocabulary)
    with open_table(path, sheet=sheet, choose=choose, limits=PATIENT) as table:
        ahead = list(islice(table.rows, AHEAD))
        if mapping is None:
            mapping, placed = mappings.guessed(ahead, vocabulary, header_row)
        else:
            if header_row:
                mapping = replace(mapping, header_row=header_row)
            placed = mappings.laid_over(mapping, ahead)
        data = ahead[placed.data_row - 1 :]
        reader = _reader(mapping, placed, table, ahead, wanted)
        fit = fits(reader, placed.indexes, data, placed.data_row)
        found = Look(
            sheet=table.sheet,
            sheets=[each.name for each in table.sheets if not each.hidden],
            height=table.height,
            header_row=placed.header_row,
            last_header_row=placed.data_row - 1,
            looks_like=placed.looks_like,
            facts=sheet_facts(table, vocabulary),
            columns=[_seen(column, placed, data, fit) for column in placed.columns],
            rows=_first(data, placed),
        )
    return found, mapping


def _reader(
    mapping: Mapping,
    placed: Placed,
    table: OpenedSheet,
    ahead: Sequence[SheetRow],
    wanted: For,
) -> RowReader:
    near = named_in(chain.from_iterable(ahead[: placed.header_row - 1]))
    return RowReader(
        replace(mapping, constants={}),
        placed,
        Units(wanted.unit),
        types.of(wanted.kind),
        zone=running.zone(),
        near=near or wanted.today,
        epoch_1904=table.epoch_1904,
        ahead=ahead[placed.data_row - 1 :],
    )


def written_map(path: Path, sheet: str | None = None, header_row: int = 0, *, kind: str) -> str:
    """Write the recognised mapping as a file to be corrected, with open questions as comments."""
    vocabulary = types.of(kind).vocabulary
    choose = chooser(None, vocabulary)
    with open_table(path, sheet=sheet, choose=choose) as table:
        ahead = list(islice(table.rows, AHEAD))
        mapping, placed = mappings.guessed(ahead, vocabulary, header_row)
    return mappings.as_toml(mapping, placed)


def _seen(column: Column, placed: Placed, data: Sequence[SheetRow], fit: Map[str, Fit]) -> Seen:
    fields = [name for name, index in placed.indexes.items() if index == column.index]
    unit = next((placed.money_units[name] for name in fields if name in placed.money_units), 1)
    how = fit[fields[0]] if fields else Fit()
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
        letters(column.index),
        [] if column.role is Role.PERSONAL else _samples(data, column.index),
        fields[0] if fields else "",
        how.misfits,
        how.is_doubtful,
        [list(each) for each in how.readings.items()],
    )


def _samples(data: Sequence[SheetRow], index: int) -> list[str]:
    """Return the first different values of a column, which may be far below its header."""
    found: dict[str, None] = {}
    for row in data:
        if len(found) == SAMPLES:
            break
        if index < len(row) and row[index] != "" and not is_remark(row):
            found.setdefault(sample(row[index]))
    return [shown for shown in found if shown]


def _first(data: Sequence[SheetRow], placed: Placed) -> list[list[str]]:
    personal = {column.index for column in placed.left_out}
    rows = islice((row for row in data if not is_remark(row)), ROWS)
    return [
        ["" if index in personal else sample(cell) for index, cell in enumerate(row)]
        for row in rows
    ]
