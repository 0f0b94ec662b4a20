"""Read the workbook of an organisation into the tables of a district file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core import legible
from bihuan.orgs.district import Fault
from bihuan.orgs.models import Unit
from bihuan.orgs.wording import POWERS
from bihuan.sheets.columns import letters
from bihuan.sheets.limits import MEBIBYTE, Limits
from bihuan.sheets.reader import Broken, Cell, open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.staffing.columns import SHEETS, TableSheet, by_words, in_every_language

LIMITS = Limits(
    file_bytes=8 * MEBIBYTE, inflated_bytes=128 * MEBIBYTE, rows=20_000, columns=64, seconds=20
)
NONE = gettext_lazy("none")
_BETWEEN = re.compile(r"[、,，;；/\n]+")
# What identifies an entry to a reader, the first that its row has.
_NAMES = ("name", "title", "officer", "username", "post", "code")
_WHERE = re.compile(r"(\w+) (\d+)\Z")

Value = str | bool | date | list[str]
Tables = dict[str, list[dict[str, Value]]]


@dataclass(frozen=True)
class Place:
    """Where an entry or a value is in the workbook."""

    sheet: str
    row: int = 0
    column: str = ""
    letter: str = ""


@dataclass
class Book:
    """What the workbook contains, and in which row and column each value was."""

    tables: Tables = field(default_factory=dict)
    # By table: the row of each entry, and the number and title of the column of each key.
    rows: dict[str, list[int]] = field(default_factory=dict)
    columns: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # What the cell says where the table has several values for it, by entry and key.
    written: dict[tuple[str, str], str] = field(default_factory=dict)

    def name_of(self, where: str) -> str:
        """Return what identifies the entry that a fault names."""
        found = _WHERE.match(where)
        rows = self.tables.get(found[1], []) if found else []
        row = rows[int(found[2]) - 1] if found and int(found[2]) <= len(rows) else {}
        return str(next((row[key] for key in _NAMES if key in row), ""))

    def place(self, where: str, key: str = "") -> Place:
        """Return where the entry that a fault names is."""
        found = _WHERE.match(where)
        sheet = next((each for each in SHEETS if found and each.table == found[1]), None)
        if found is None or sheet is None:
            return Place(where)
        rows, number = self.rows.get(sheet.table, []), int(found[2])
        row = rows[number - 1] if number <= len(rows) else 0
        if key in (placed := self.columns.get(sheet.table, {})):
            at, title = placed[key]
            return Place(str(sheet.title), row, title, letters(at))
        known = sheet.column_of(key) if key else None
        return Place(str(sheet.title), row, str(known.title) if known else "")


def read(path: Path) -> Book:
    """Read every known sheet; raise `SheetRefused` if it is no workbook, or has no such sheet."""
    with open_table(path, limits=LIMITS) as opened:
        names = [each.name for each in opened.sheets]
    book, found = Book(), 0
    for sheet in SHEETS:
        titles = in_every_language(sheet.title)
        name = next((each for each in names if each.strip().lower() in titles), None)
        if name is not None:
            found += 1
            with open_table(path, sheet=name, limits=LIMITS) as opened:
                _read_sheet(book, sheet, opened.rows)
    if not found:
        named = "、".join(str(sheet.title) for sheet in SHEETS)
        raise SheetRefused(SheetFault.NO_SUCH_SHEET, sheet=named)
    return book


def _read_sheet(book: Book, sheet: TableSheet, rows: Iterable[Sequence[Cell]]) -> None:
    entries: list[dict[str, Value]] = []
    numbers: list[int] = []
    known: dict[int, str] = {}
    for number, cells in enumerate(rows, start=1):
        if not any(cell != "" for cell in cells):
            continue
        if not known:
            known = _header(book, sheet, cells)
            if not known:
                return
            continue
        where = f"{sheet.table} {len(entries) + 1}"
        numbers.append(number)
        entries.append(dict(_entry(book, where, known, cells)))
    book.tables[sheet.table], book.rows[sheet.table] = entries, numbers


def _header(book: Book, sheet: TableSheet, cells: Sequence[Cell]) -> dict[int, str]:
    """Return the key of each column by its number; unknown titles are errors, as a misspelt one
    would be ignored in silence.
    """
    known: dict[int, str] = {}
    titles = {words: each for each in sheet.columns for words in in_every_language(each.title)}
    for at, cell in enumerate(cells):
        said = str(cell).strip()
        column = titles.get(said.lower())
        if column is not None and column.key:
            known[at] = column.key
            book.columns.setdefault(sheet.table, {})[column.key] = (at, said)
        elif column is None and said:
            text = _("unknown column; known columns are %s") % "、".join(
                str(each.title) for each in sheet.columns
            )
            book.faults.append(Fault(str(sheet.title), letters(at), text, said))
    return known


def _entry(
    book: Book, where: str, known: Mapping[int, str], cells: Sequence[Cell]
) -> Iterator[tuple[str, Value]]:
    for at, key in known.items():
        cell = cells[at] if at < len(cells) else ""
        if isinstance(cell, Broken):
            text = _("the cell has an error or a formula without a value")
            book.faults.append(Fault(where, key, text, cell.shown))
        elif cell != "":
            if key == "powers":
                book.written[where, key] = _text(cell)
            yield key, _value(key, cell)


def _value(key: str, cell: Cell) -> Value:
    """Return the value that a district file would have."""
    if key in ("start_date", "end_date"):
        return _day(cell)
    said = _text(cell)
    if key == "kind":
        return _KINDS.get(said.lower(), said)
    if key == "powers":
        parts = [part.strip().lower() for part in _BETWEEN.split(said) if part.strip()]
        named = [part for part in parts if part not in in_every_language(NONE)]
        return [_POWERS.get(part, part) for part in named]
    return said


def _day(cell: Cell) -> Value:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = _text(cell)
    try:
        return date.fromisoformat(said.replace("/", "-").replace(".", "-"))
    except ValueError:
        return said


def _text(cell: Cell | Broken) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return legible.clean(str(cell))


_KINDS = by_words(dict(Unit.Kind.choices))
_POWERS = by_words({power.value: label for power, label in POWERS.items()})
