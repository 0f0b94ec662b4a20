"""What each type of ledger calls its columns, and what they hold: data, read from a file.

A file names, above its columns, the `subject` of its rows; of each group in `needed` one column
has to be known; `signs` are words of titles that tell this type of ledger from others; `nothing`
are titles that look like a column and are none. The keys of a column are those of `Field`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from bihuan.sheets.columns import Hints, Synonyms
from bihuan.sheets.meanings import Meanings
from bihuan.sheets.titles import Title

# So many titles that speak of another type are no accident.
ENOUGH_SIGNS = 2

DAY, MOMENT, DEADLINE = "day", "moment", "deadline"
DAYS = (DAY, MOMENT, DEADLINE)


@dataclass(frozen=True)
class Field:
    """One column: its own titles, its width, and the header texts that always, or may, mean it.

    `said` always mean it, `also` where no other column does, `asked` may: on the page that is a
    question, by command a refusal that asks. `holds` says how its cells are read: "day", "moment",
    "deadline" (which may be a count of days), "officer", "unit", "money", "number", "stage",
    "closed" (whether it has ended), or "code" (text that is never masked). Where it is empty, the
    type of ledger says how, else the cells hold text, of at most so many letters (`most`).
    Days without a year lie near the first day that the row names, by the order of `begins`.
    """

    name: str
    zh: str
    en: str
    width: int
    holds: str = ""
    most: int = 0
    begins: int = 0
    said: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def synonyms(self) -> tuple[str, ...]:
        return (self.zh, self.en, *self.said)

    @property
    def title(self) -> str:
        """Its title in the language of the reader."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Vocabulary:
    """The columns of one type of ledger, and the words that tell it from the others."""

    kind: str
    fields: tuple[Field, ...]
    hints: Hints
    signs: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def begins(self) -> tuple[str, ...]:
        """The columns that may say when it began, the most certain first."""
        first = sorted(self.fields, key=lambda field: field.begins)
        return tuple(field.name for field in first if field.begins)

    @cached_property
    def days(self) -> Mapping[str, str]:
        """The columns that hold days, and how each does."""
        return {field.name: field.holds for field in self.fields if field.holds in DAYS}

    @cached_property
    def units(self) -> frozenset[str]:
        """The columns that hold units."""
        return frozenset(field.name for field in self.fields if field.holds == "unit")

    @cached_property
    def synonyms(self) -> Synonyms:
        return {field.name: field.synonyms for field in self.fields}

    @cached_property
    def meanings(self) -> Meanings:
        return Meanings(self.synonyms, self.hints)

    def title_of(self, name: str) -> str:
        """The title of a field in the language of the reader."""
        return self.by_name[name].title if name in self.by_name else name

    def signed(self, titles: Sequence[str]) -> list[str]:
        """The titles that speak of what this type is about."""
        return [title for title in titles if any(sign in title for sign in self.signs)]

    def likeness(self, titles: Sequence[str]) -> int:
        """How much of a table with these titles this type of ledger knows."""
        known = sum(self.meanings.of(Title(title)).is_known for title in titles)
        return known + len(self.signed(titles))


def read(kind: str, path: Path) -> Vocabulary:
    """The vocabulary of one type of ledger, from its file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    fields = tuple(Field(**_with_tuples(column)) for column in content.pop("column"))
    signs = content.pop("signs", ())

    def holding(what: str) -> list[str]:
        return [field.name for field in fields if field.holds == what]

    hints = Hints(
        also={field.name: field.also for field in fields if field.also},
        asked={field.name: field.asked for field in fields if field.asked},
        money=holding("money"),
        days=holding(DEADLINE),
        names=holding("officer"),
        **content,
    )
    return Vocabulary(kind, fields, hints, tuple(signs))


def _with_tuples(column: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(said) if isinstance(said, list) else said for name, said in column.items()}


def other_kind(titles: Sequence[str], vocabulary: Vocabulary, others: Iterable[Vocabulary]) -> str:
    """The type of ledger that these titles speak of, where that is not this one; else nothing."""
    ours = vocabulary.likeness(titles)
    found = {
        each.kind: each.likeness(titles)
        for each in others
        if each is not vocabulary and len(each.signed(titles)) >= ENOUGH_SIGNS
    }
    likely = max(found, key=lambda kind: found[kind], default="")
    return likely if likely and found[likely] > ours else ""
