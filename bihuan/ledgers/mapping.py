"""How one kind of file is to be read: which column is what, and what its words mean.

A mapping is guessed from a file, corrected by a person, saved, or written as TOML:

    [columns]            # field = header text
    title = "SRType"
    [options]
    dates = "month first"
    zone = "America/New_York"
    [constants]          # field = text for every row
    grade = "general"
    [words.closed]       # what the file says = what it means here
    "Closed" = "yes"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from bihuan.core.refusal import Refusal
from bihuan.ledgers.fields import BY_NAME, SYNONYMS
from bihuan.sheets.columns import Column, Layout, Role, guess_layout, key
from bihuan.sheets.reader import Cell

MONTH_FIRST = "month first"
KINDS = ("hazard",)


class MappingFault(Refusal):
    """The mapping itself is wrong; `where` and `what` say which part, `code` says how."""

    def __init__(self, code: str, where: str, what: str) -> None:
        super().__init__(code, where, what)
        self.code, self.where, self.what = code, where, what


@dataclass(frozen=True)
class Mapping:
    """Header texts, options, constants and words; all as plain text, so it can be saved."""

    columns: Map[str, str] = field(default_factory=dict)
    month_first: bool = False
    zone: str = ""
    constants: Map[str, str] = field(default_factory=dict)
    words: Map[str, Map[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "options": {"dates": MONTH_FIRST if self.month_first else "", "zone": self.zone},
            "constants": dict(self.constants),
            "words": {name: dict(words) for name, words in self.words.items()},
        }

    def with_words(self, name: str, words: Map[str, str]) -> Mapping:
        return replace(self, words={**self.words, name: {**self.words.get(name, {}), **words}})


@dataclass(frozen=True)
class Placed:
    """A mapping laid over one file: the column index of each field, and what stays out."""

    header_row: int
    data_row: int
    indexes: Map[str, int]
    notes: Map[str, str]
    columns: tuple[Column, ...]

    @property
    def left_out(self) -> tuple[Column, ...]:
        """Columns that name members of the public: never read in."""
        return tuple(column for column in self.columns if column.role is Role.PERSONAL)

    @property
    def not_read(self) -> tuple[Column, ...]:
        used = set(self.indexes.values())
        ignored = (Role.PERSONAL, Role.SERIAL)
        return tuple(
            c for c in self.columns if c.role not in ignored and c.index not in used and c.title
        )


def read_toml(path: Path) -> Mapping:
    """A mapping file; each mistake in it names the table and key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingFault("not_toml", path.name, str(error)) from error
    return from_json(content, path.name)


def from_json(content: Map[str, Any], where: str = "") -> Mapping:
    """The mapping that was written as a table of tables of texts."""
    for name in content:
        if name not in ("kind", "columns", "options", "constants", "words"):
            raise MappingFault("unknown_table", where, name)
    if content.get("kind", KINDS[0]) not in KINDS:
        raise MappingFault("unknown_kind", where, str(content["kind"]))
    options = _options(content, where)
    mapping = Mapping(
        columns=_texts(content, where, "columns"),
        month_first=options.get("dates") == MONTH_FIRST,
        zone=options.get("zone", ""),
        constants=_texts(content, where, "constants"),
        words=_words(content, where),
    )
    for name in (*mapping.columns, *mapping.constants, *mapping.words):
        if name not in BY_NAME:
            raise MappingFault("unknown_field", where, name)
    return mapping


def _options(content: Map[str, Any], where: str) -> dict[str, str]:
    options = _texts(content, where, "options")
    for name in options:
        if name not in ("dates", "zone"):
            raise MappingFault("unknown_option", where, name)
    dates, zone = options.get("dates", ""), options.get("zone", "")
    if dates not in ("", MONTH_FIRST):
        raise MappingFault("unknown_option", where, dates)
    if zone and zone not in available_timezones():
        raise MappingFault("unknown_zone", where, zone)
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


def guessed(rows: Sequence[Sequence[Cell]]) -> tuple[Mapping, Placed]:
    """What a file's first rows look like they mean."""
    layout = guess_layout(rows, SYNONYMS)
    titles = {column.index: column.title for column in layout.columns}
    mapping = Mapping(columns={name: titles[at] for name, at in layout.mapping.items()})
    return mapping, placed(mapping, layout)


def laid_over(mapping: Mapping, rows: Sequence[Sequence[Cell]]) -> Placed:
    """The mapping on this file; a header text that the file lacks is an error that names it."""
    wanted = {name: [title] for name, title in mapping.columns.items()}
    return placed(mapping, guess_layout(rows, {**SYNONYMS, **wanted}))


def placed(mapping: Mapping, layout: Layout) -> Placed:
    # Of several columns of one title the first is meant.
    by_title = {key(column.title): column for column in reversed(layout.columns) if column.title}
    indexes: dict[str, int] = {}
    notes: dict[str, str] = {}
    for name, title in mapping.columns.items():
        column = by_title.get(key(title))
        if column is None:
            raise MappingFault("no_such_column", BY_NAME[name].title, title)
        if column.role is Role.PERSONAL:
            raise MappingFault("column_names_the_public", BY_NAME[name].title, title)
        indexes[name], notes[name] = column.index, column.note
    return Placed(layout.header_row, layout.data_row, indexes, notes, layout.columns)
