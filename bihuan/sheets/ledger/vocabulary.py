"""The columns of each type of ledger: data, read from a file.

Before its columns, a file names the `subject` of its rows; one column of each group in `needed` is
required; `constants` are columns that may be the same for all rows of a file; `signs` are words in
headers that distinguish this type of ledger from others; `nothing` are headers that look like a
column and are not. The keys of a column are those of `Field`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bihuan import languages
from bihuan.sheets.columns import Hints, Synonyms
from bihuan.sheets.meanings import Meanings
from bihuan.sheets.titles import Title

# This number of headers of another type is not a coincidence.
ENOUGH_SIGNS = 2

DAY, MOMENT, DEADLINE = "day", "moment", "deadline"
DAYS = (DAY, MOMENT, DEADLINE)


@dataclass(frozen=True)
class Field:
    """One column: its headers, its width, and the header texts that always, or possibly, mean it.

    `headers` always mean it, `also` if no other column does, `possible` possibly: on the page that
    is a question, by command a refusal. `holds` defines how its cells are parsed: "day", "moment",
    "deadline" (which may be a count of days), "officer", "unit", "money", "number", "stage",
    "closed" (whether it has ended), or "code" (text that is never masked). If it is empty, the type
    of ledger parses them, else they are text with a maximum length (`most`). Days without a year
    are near the first day in the row, by the order of `begins`. A cell with a unit may also name
    its officer, and one with an officer their unit: for the field `paired`.
    """

    name: str
    zh: str
    en: str
    width: int
    holds: str = ""
    most: int = 0
    begins: int = 0
    paired: str = ""
    headers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()

    @property
    def synonyms(self) -> tuple[str, ...]:
        return (self.zh, self.en, *self.headers)

    @property
    def title(self) -> str:
        """Return its header in the reader's language."""
        return languages.chosen({"zh": self.zh, "en": self.en})


@dataclass(frozen=True)
class Vocabulary:
    """The columns of one type of ledger, and the words that distinguish it from the others."""

    kind: str
    fields: tuple[Field, ...]
    hints: Hints
    signs: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def begins(self) -> tuple[str, ...]:
        """Return the columns that may contain when it began, most reliable first."""
        first = sorted(self.fields, key=lambda field: field.begins)
        return tuple(field.name for field in first if field.begins)

    @cached_property
    def days(self) -> Mapping[str, str]:
        """Return the columns that contain days, and how each does."""
        return {field.name: field.holds for field in self.fields if field.holds in DAYS}

    @cached_property
    def units(self) -> frozenset[str]:
        """Return the columns that contain units."""
        return frozenset(field.name for field in self.fields if field.holds == "unit")

    @cached_property
    def synonyms(self) -> Synonyms:
        return {field.name: field.synonyms for field in self.fields}

    @cached_property
    def meanings(self) -> Meanings:
        return Meanings(self.synonyms, self.hints)

    def title_of(self, name: str) -> str:
        """Return the header of a field in the reader's language."""
        return self.by_name[name].title if name in self.by_name else name

    def signed(self, titles: Sequence[str]) -> list[str]:
        """Return the headers that refer to this type's subject."""
        return [title for title in titles if any(sign in title for sign in self.signs)]

    def likeness(self, titles: Sequence[str]) -> int:
        """Return how much of a table with these headers this type of ledger knows."""
        known = sum(self.meanings.of(Title(title)).is_known for title in titles)
        return known + len(self.signed(titles))


def read(kind: str, path: Path) -> Vocabulary:
    """Load the vocabulary of one type of ledger from its file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    fields = tuple(Field(**_with_tuples(column)) for column in content.pop("column"))
    signs, constants = content.pop("signs", ()), content.pop("constants", ())

    def holding(what: str) -> list[str]:
        return [field.name for field in fields if field.holds == what]

    hints = Hints(
        also={field.name: field.also for field in fields if field.also},
        asked={field.name: field.possible for field in fields if field.possible},
        money=holding("money"),
        days=holding(DEADLINE),
        names=holding("officer"),
        pairs={field.name: field.paired for field in fields if field.holds == "unit"},
        **content,
    )
    return Vocabulary(kind, fields, hints, tuple(signs), tuple(constants))


def _with_tuples(column: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in column.items()
    }


def other_kind(titles: Sequence[str], vocabulary: Vocabulary, others: Iterable[Vocabulary]) -> str:
    """Return the other type of ledger that these headers match; None if there is none."""
    ours = vocabulary.likeness(titles)
    found = {
        each.kind: each.likeness(titles)
        for each in others
        if each is not vocabulary and len(each.signed(titles)) >= ENOUGH_SIGNS
    }
    likely = max(found, key=lambda kind: found[kind], default="")
    return likely if likely and found[likely] > ours else ""
