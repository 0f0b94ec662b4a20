"""How to read one kind of file: the field of each column, and the meaning of its words.

A mapping is guessed from a file, corrected by a person, saved, or written as TOML:

    [columns]            # field = header text
    title = "SRType"
    [options]
    dates = "month first"
    zone = "America/New_York"
    header_row = "3"     # if it is not detected
    money = "万元"        # the unit of bare numbers, if the file has none
    several = "split"    # a record for each matter that one cell lists
    struck = "read"      # rows that are struck through; or "skip"
    [constants]          # field = text for every row
    grade = "general"
    [words.closed]       # what the file says = what it means here
    "Closed" = "yes"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.sheets.columns import Column, Layout, Role, guess_layout, key
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.types import LedgerType
from bihuan.sheets.ledger.vocabulary import Vocabulary, other_kind
from bihuan.sheets.personal import Personal
from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.titles import money_units, money_word, name_key

MONTH_FIRST, DAY_FIRST = "month first", "day first"
SPLIT = "split"
READ, SKIP = "read", "skip"


class MappingFault(Refusal):
    """The mapping itself is invalid; `where` and `what` name the part, `code` the reason."""

    def __init__(self, code: str, where: str, what: str) -> None:
        super().__init__(code, where, what)
        self.code, self.where, self.what = code, where, what


class Unanswered(Refusal):
    """Columns with several possible fields: the user must choose before rows are read."""

    def __init__(self, questions: Sequence[tuple[str, Sequence[str]]], kind: str) -> None:
        super().__init__(questions, kind)
        self.questions, self.kind = questions, kind


class OtherKind(Refusal):
    """The table is a ledger of another kind, and few of its columns are known to this one."""

    def __init__(self, kind: str, titles: Sequence[str]) -> None:
        super().__init__(kind, titles)
        self.kind, self.titles = kind, titles


@dataclass(frozen=True)
class Mapping:
    """Headers, options, constants and words; all as plain text, so it can be saved."""

    kind: str = field(default_factory=lambda: types.first().kind)
    columns: Map[str, str] = field(default_factory=dict)
    month_first: bool = False
    zone: str = ""
    header_row: int = 0
    money: str = ""
    constants: Map[str, str] = field(default_factory=dict)
    words: Map[str, Map[str, str]] = field(default_factory=dict)
    day_first: bool = False
    split: bool = False
    struck: str = ""

    @property
    def dates(self) -> str:
        """Return the given order for days such as 3/4/2026."""
        return MONTH_FIRST if self.month_first else DAY_FIRST if self.day_first else ""

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "columns": dict(self.columns),
            "options": {
                "dates": self.dates,
                "zone": self.zone,
                "header_row": str(self.header_row or ""),
                "money": self.money,
                "several": SPLIT if self.split else "",
                "struck": self.struck,
            },
            "constants": dict(self.constants),
            "words": {name: dict(words) for name, words in self.words.items()},
        }

    @property
    def ledger(self) -> LedgerType[Any]:
        """Return the type of ledger that it is for."""
        return types.of(self.kind)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.ledger.vocabulary

    def for_next(self) -> Mapping:
        """Return what applies to the next file, too: not its header row, nor days for all rows."""
        days = self.vocabulary.days
        constants = {name: text for name, text in self.constants.items() if name not in days}
        return replace(self, header_row=0, struck="", constants=constants)

    def with_words(self, name: str, words: Map[str, str]) -> Mapping:
        return replace(self, words={**self.words, name: {**self.words.get(name, {}), **words}})


@dataclass(frozen=True)
class Placed:
    """A mapping applied to one file: the column index of each field, and the columns left out."""

    header_row: int
    data_row: int
    indexes: Map[str, int]
    notes: Map[str, str]
    columns: tuple[Column, ...]
    money_units: Map[str, Decimal] = field(default_factory=dict)
    """The unit of bare numbers in a field, in yuan."""
    in_days: frozenset[str] = frozenset()
    """Fields whose bare numbers count days from the day found."""
    looks_like: str = ""
    """The kind of ledger that the headers match better."""

    @property
    def left_out(self) -> tuple[Column, ...]:
        """Return the columns about members of the public, which are never read."""
        return tuple(column for column in self.columns if column.role is Role.PERSONAL)

    @property
    def asked(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role is Role.ASKED)

    @property
    def not_read(self) -> tuple[Column, ...]:
        used = set(self.indexes.values())
        ignored = (Role.PERSONAL, Role.SERIAL)
        return tuple(
            c for c in self.columns if c.role not in ignored and c.index not in used and c.title
        )

    def header(self, rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
        """Return the header rows for a workbook of some of the rows, with their units of money."""
        header = [list(row) for row in rows[self.header_row - 1 : self.data_row - 1]]
        for name, unit in self.money_units.items():
            index = self.indexes[name]
            column = next(c for c in self.columns if c.index == index)
            lowest = [row for row in header if index < len(row) and row[index] != ""][-1:]
            is_said = unit == 1 or money_units(column.note or column.title)
            for row in () if is_said else lowest:
                row[index] = f"{row[index]}（{money_word(unit)}）"
        return header

    def said(self) -> dict[str, Any]:
        """Return what every import report says about the headers, for people and programs."""
        titles = {column.index: column.title for column in self.columns}
        return {
            "header_row": self.header_row,
            "last_header_row": self.data_row - 1,
            "columns": {name: titles[index] for name, index in self.indexes.items()},
            "left_out": {c.title: c.personal.value for c in self.left_out if c.personal},
            "money": {
                titles[self.indexes[name]]: str(unit)
                for name, unit in self.money_units.items()
                if unit != 1
            },
            "in_days": [titles[self.indexes[name]] for name in sorted(self.in_days)],
            "looks_like": self.looks_like,
        }


def read_toml(path: Path, kind: str) -> Mapping:
    """Parse a mapping file for a ledger of this type; each error names the table and key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingFault("not_toml", path.name, str(error)) from error
    mapping = from_json({"kind": kind, **content}, path.name)
    if mapping.kind != kind:
        raise MappingFault("other_kind", path.name, mapping.kind)
    return mapping


def from_json(content: Map[str, Any], where: str = "") -> Mapping:
    """Parse the mapping from a table of tables of texts."""
    for name in content:
        if name not in ("kind", "columns", "options", "constants", "words"):
            raise MappingFault("unknown_table", where, name)
    kind = str(content.get("kind") or types.first().kind)
    if types.find(kind) is None:
        raise MappingFault("unknown_kind", where, kind)
    options = _options(content, where)
    mapping = Mapping(
        kind=kind,
        columns=_texts(content, where, "columns"),
        month_first=options.get("dates") == MONTH_FIRST,
        day_first=options.get("dates") == DAY_FIRST,
        split=options.get("several") == SPLIT,
        struck=options.get("struck", ""),
        zone=options.get("zone", ""),
        header_row=int(options.get("header_row") or 0),
        money=options.get("money", ""),
        constants=_texts(content, where, "constants"),
        words=_words(content, where),
    )
    for name in (*mapping.columns, *mapping.constants, *mapping.words):
        if name not in mapping.vocabulary.by_name:
            raise MappingFault("unknown_field", where, name)
    return mapping


def as_toml(mapping: Mapping, placed: Placed) -> str:
    """Return the mapping as a file, with open questions and unread columns as comments."""
    lines = [] if mapping.ledger is types.first() else [f"kind = {_quoted(mapping.kind)}"]
    lines.append("[columns]")
    lines += [f"{name} = {_quoted(title)}" for name, title in mapping.columns.items()]
    lines += [
        f"# {_quoted(column.title)}: {' | '.join(column.candidates) or '-'}"
        for column in placed.not_read
    ]
    if mapping.header_row:
        lines += ["[options]", f'header_row = "{mapping.header_row}"']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_CHOICES = {"dates": (MONTH_FIRST, DAY_FIRST), "several": (SPLIT,), "struck": (READ, SKIP)}


def _options(content: Map[str, Any], where: str) -> dict[str, str]:
    options = _texts(content, where, "options")
    for name in options:
        if name not in ("zone", "header_row", "money", *_CHOICES):
            raise MappingFault("unknown_option", where, name)
    for name, choices in _CHOICES.items():
        if options.get(name, "") not in ("", *choices):
            raise MappingFault("unknown_option", where, options[name])
    zone = options.get("zone", "")
    if zone and zone not in available_timezones():
        raise MappingFault("unknown_zone", where, zone)
    row, money = options.get("header_row", ""), options.get("money", "")
    if row and not whole(row):
        raise MappingFault("unknown_row", where, row)
    if money and len(money_units(money)) != 1:
        raise MappingFault("unknown_money", where, money)
    return options


def _words(content: Map[str, Any], where: str) -> dict[str, dict[str, str]]:
    words = content.get("words", {})
    if not isinstance(words, dict):
        raise MappingFault("not_texts", where, "words")
    return {name: _texts(words, where, name, f"words.{name}") for name in words}


def _texts(content: Map[str, Any], where: str, name: str, shown: str = "") -> dict[str, str]:
    table = content.get(name, {})
    if not isinstance(table, dict) or not all(isinstance(each, str) for each in table.values()):
        raise MappingFault("not_texts", where, shown or name)
    return dict(table)


def guessed(
    rows: Sequence[Sequence[Cell]], vocabulary: Vocabulary, header_row: int = 0
) -> tuple[Mapping, Placed]:
    """Guess a mapping from a file's first rows; uncertain columns are not in it."""
    layout = guess_layout(
        rows, vocabulary.synonyms, vocabulary.hints, header_row=header_row or None
    )
    titles = {column.index: column.title for column in layout.columns}
    mapping = Mapping(
        kind=vocabulary.kind,
        columns={name: titles[at] for name, at in layout.mapping.items()},
        header_row=header_row,
    )
    return mapping, placed(mapping, layout)


def guessed_surely(
    rows: Sequence[Sequence[Cell]], vocabulary: Vocabulary, header_row: int = 0
) -> Placed:
    """Guess without a user; refuse if there is a question."""
    _mapping, found = guessed(rows, vocabulary, header_row)
    missing = [group for group in vocabulary.hints.needed if found.indexes.keys().isdisjoint(group)]
    if found.looks_like and len(missing) > 1:
        raise OtherKind(found.looks_like, [c.title for c in found.columns if c.title])
    if found.asked:
        questions = [(column.title, column.candidates) for column in found.asked]
        raise Unanswered(questions, vocabulary.kind)
    if not found.indexes:
        titles = "; ".join(column.title for column in found.columns if column.title)
        raise SheetRefused(SheetFault.NO_COLUMN_KNOWN, row=found.header_row, titles=titles)
    return found


def laid_over(mapping: Mapping, rows: Sequence[Sequence[Cell]]) -> Placed:
    """Apply the mapping to this file; a missing header is an error that names it."""
    vocabulary = mapping.vocabulary
    layout = guess_layout(
        rows,
        vocabulary.synonyms,
        vocabulary.hints,
        wanted=tuple(mapping.columns.values()),
        header_row=mapping.header_row or None,
    )
    return placed(mapping, layout)


def placed(mapping: Mapping, layout: Layout) -> Placed:
    """Return the column of each field of the mapping."""
    vocabulary = mapping.vocabulary
    columns = {name: _column_of(name, value, layout) for name, value in mapping.columns.items()}
    value = money_units(mapping.money) if mapping.money else set()
    titles = [column.title for column in layout.columns if column.title]
    return Placed(
        layout.header_row,
        layout.data_row,
        {name: column.index for name, column in columns.items()},
        {name: column.note for name, column in columns.items()},
        layout.columns,
        money_units={
            name: min(value or {columns[name].money or Decimal(1)})
            for name in vocabulary.hints.money
            if name in columns
        },
        in_days=frozenset(
            name for name in vocabulary.hints.days if name in columns and columns[name].in_days
        ),
        looks_like=other_kind(titles, vocabulary, [each.vocabulary for each in types.every()]),
    )


def _column_of(name: str, title: str, layout: Layout) -> Column:
    """Return the column with this header, ignoring its unit of money; the first if there are
    several.
    """
    named, wanted = name_key(title), key(title)
    column = next((c for c in layout.columns if c.title and name_key(c.title) == named), None)
    column = column or next(
        (c for c in layout.columns if c.wording == wanted and (c.money or c.in_days)), None
    )
    where = f'{name} = "{title}"'
    if column is None:
        raise MappingFault("no_such_column", where, title)
    if column.role is Role.PERSONAL:
        is_control = column.personal is Personal.CONTROL
        raise MappingFault(
            "column_of_control" if is_control else "column_names_the_public", where, title
        )
    return column
