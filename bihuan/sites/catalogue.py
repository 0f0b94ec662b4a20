"""What is known of sites as data: their kinds with attributes, trades, and kinds of papers.

A new kind, attribute, trade or paper is a few lines in `data/`; no code and no table changes. An
attribute describes the place. About people there are only counts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bihuan import languages

_FOLDER = Path(__file__).parent / "data"
OTHER = "other"


class AttributeType(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    YES_NO = "yes_no"
    DATE = "date"


@dataclass(frozen=True)
class Words:
    """A name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return languages.name(self.zh, self.en)


@dataclass(frozen=True)
class Named:
    key: str
    words: Words

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True)
class Attribute(Named):
    """One thing to state about sites of a kind."""

    type: AttributeType
    choices: tuple[Named, ...] = ()
    # The unit of a number: ㎡, t.
    measure: Words | None = None


@dataclass(frozen=True)
class SiteKind(Named):
    attributes: tuple[Attribute, ...]
    # Kinds of papers that such a site usually needs, and trades that usually regulate it.
    papers: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    # A station or facility: its equipment is kept with counts against the norm.
    is_facility: bool = False


@dataclass(frozen=True)
class PaperKind(Named):
    # How many certificates the paper stands for; their holders are not recorded.
    is_count: bool = False


@cache
def kinds() -> Mapping[str, SiteKind]:
    return {row["key"]: _kind(row) for row in _read("kinds.toml")["kind"]}


@cache
def trades() -> Mapping[str, Named]:
    return {row["key"]: Named(row["key"], _words(row)) for row in _read("trades.toml")["trade"]}


@cache
def paper_kinds() -> Mapping[str, PaperKind]:
    rows = _read("papers.toml")["paper"]
    return {row["key"]: PaperKind(row["key"], _words(row), row.get("count", False)) for row in rows}


def kind(key: str) -> SiteKind:
    """Return the kind; one that is no longer in the data is shown by its key."""
    return kinds().get(key) or SiteKind(key, Words(key, key), ())


def trade(key: str) -> Named:
    return trades().get(key) or Named(key, Words(key, key))


def paper_kind(key: str) -> PaperKind:
    return paper_kinds().get(key) or PaperKind(key, Words(key, key))


def choices(of: Mapping[str, Named]) -> Sequence[tuple[str, str]]:
    """Return them as choices of a form, in the reader's language."""
    return [(key, str(each)) for key, each in of.items()]


def _kind(row: Mapping[str, Any]) -> SiteKind:
    return SiteKind(
        row["key"],
        _words(row),
        tuple(map(_attribute, row.get("attribute", ()))),
        tuple(row.get("papers", ())),
        tuple(row.get("trades", ())),
        row.get("facility", False),
    )


def _attribute(row: Mapping[str, Any]) -> Attribute:
    measure = row.get("measure")
    return Attribute(
        row["key"],
        _words(row),
        AttributeType(row["type"]),
        tuple(Named(each["key"], _words(each)) for each in row.get("choices", ())),
        Words(measure["zh"], measure["en"]) if measure else None,
    )


def _words(row: Mapping[str, Any]) -> Words:
    return Words(row["zh"], row["en"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
