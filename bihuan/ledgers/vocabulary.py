"""What each kind of ledger calls its columns: data, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from bihuan.sheets.columns import Hints, Synonyms
from bihuan.sheets.meanings import Meanings
from bihuan.sheets.titles import Title

DATA = Path(__file__).parent / "data"
# So many titles that speak of another kind are no accident.
ENOUGH_SIGNS = 2


@dataclass(frozen=True)
class Field:
    """One column: its own titles, and the header texts that always, or may, mean it."""

    name: str
    zh: str
    en: str
    width: int
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
    """The columns of one kind of ledger, and the words that tell it from the others."""

    kind: str
    fields: tuple[Field, ...]
    hints: Hints
    signs: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

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
        """The titles that speak of what this kind is about."""
        return [title for title in titles if any(sign in title for sign in self.signs)]

    def likeness(self, titles: Sequence[str]) -> int:
        """How much of a table with these titles this kind of ledger knows."""
        known = sum(self.meanings.of(Title(title)).is_known for title in titles)
        return known + len(self.signed(titles))


def read(kind: str) -> Vocabulary:
    """The vocabulary of one kind, from its file."""
    content = tomllib.loads((DATA / f"{kind}_columns.toml").read_text(encoding="utf-8"))
    fields = tuple(Field(**_with_tuples(column)) for column in content.pop("column"))
    signs = content.pop("signs", ())
    hints = Hints(
        also={field.name: field.also for field in fields if field.also},
        asked={field.name: field.asked for field in fields if field.asked},
        **content,
    )
    return Vocabulary(kind, fields, hints, tuple(signs))


def _with_tuples(column: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(said) if isinstance(said, list) else said for name, said in column.items()}


KINDS = ("hazard", "grievance", "suggestion", "mediation")
VOCABULARIES = {kind: read(kind) for kind in KINDS}
HAZARD = VOCABULARIES["hazard"]


def other_kind(titles: Sequence[str], vocabulary: Vocabulary) -> str:
    """The kind of ledger that these titles speak of, where that is not this one; else nothing."""
    ours = vocabulary.likeness(titles)
    others = {
        each.kind: each.likeness(titles)
        for each in VOCABULARIES.values()
        if each is not vocabulary and len(each.signed(titles)) >= ENOUGH_SIGNS
    }
    likely = max(others, key=lambda kind: others[kind], default="")
    return likely if likely and others[likely] > ours else ""
