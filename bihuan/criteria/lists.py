"""The published lists of criteria for major hazards, read from `data/`: data, not code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.rules import Bilingual, Confidence

DATA = Path(__file__).parent / "data"
# Read, or read in a second-hand report: what may be used without a confirmation.
VERIFIED = frozenset({Confidence.READ, Confidence.SECOND_HAND})


@dataclass(frozen=True)
class Item:
    """One criterion. Its `parts` are joined by "and" or "or", as the text joins them."""

    key: str
    text: Bilingual
    confidence: Confidence
    join: str = ""
    parts: tuple[Bilingual, ...] = ()
    # Decided by a person alone: never proposed.
    is_catch_all: bool = False
    # It is proposed where all words of one of these are in the text of a case.
    terms: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        sound = (
            self.join in ("", "and", "or"),
            bool(self.join) is (len(self.parts) > 1),
            not (self.is_catch_all and self.terms),
            all(word.strip() for words in self.terms for word in words),
            all(self.terms),
        )
        if not all(sound):
            raise ValueError(f"criterion {self.key} is not sound")

    @property
    def is_draft(self) -> bool:
        """Whether it is quoted from memory, and may not be used before it is confirmed."""
        return self.confidence not in VERIFIED


@dataclass(frozen=True)
class CriteriaList:
    """One version of one list: its document, since when and until when it holds, and its items."""

    key: str
    version: str
    sector: Bilingual
    title: Bilingual
    number: str
    scope: Bilingual
    source: Bilingual
    confidence: Confidence
    # CRI-14: at the same place a special list goes before a general one; lowest first.
    order: int
    companions: tuple[str, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    # How many items the document has, if it is known.
    total: int = 0
    items: tuple[Item, ...] = ()

    def in_force(self, on: date) -> bool:
        begun = self.from_date is None or self.from_date <= on
        return begun and (self.to_date is None or on <= self.to_date)

    def item(self, key: str) -> Item | None:
        return next((each for each in self.items if each.key == key), None)

    @property
    def name(self) -> str:
        """Return the title with its number, as a ledger and a paper cite it."""
        return f"{self.title.zh}（{self.number}）"


@dataclass(frozen=True)
class Criterion:
    """An item in its list; its id is "CRI-1/13.2"."""

    list: CriteriaList
    item: Item

    @property
    def id(self) -> str:
        return f"{self.list.key}/{self.item.key}"

    @property
    def version(self) -> str:
        return self.list.version


def every() -> tuple[CriteriaList, ...]:
    """Return all versions of all lists, in the order of the catalogue."""
    return _read(DATA)


def in_force(on: date) -> tuple[CriteriaList, ...]:
    """Return the lists that held on that day, special ones before general ones (CRI-14)."""
    return tuple(sorted((e for e in every() if e.in_force(on)), key=lambda e: e.order))


def find(list_key: str, item_key: str, *, on: date | None = None) -> Criterion | None:
    """Return the item of the version in force on that day, or of the newest one that has it."""
    for each in reversed(every()):
        counts = on is None or each.in_force(on)
        if each.key == list_key and counts and (item := each.item(item_key)):
            return Criterion(each, item)
    return None


def by_id(criterion: str, *, on: date | None = None) -> Criterion | None:
    """Return the criterion with this id, "CRI-1/13.2"."""
    list_key, _, item_key = criterion.partition("/")
    return find(list_key, item_key, on=on)


def version(list_key: str, number: str) -> CriteriaList | None:
    """Return one version of a list, in force or not."""
    return next((e for e in every() if (e.key, e.version) == (list_key, number)), None)


@cache
def _read(folder: Path) -> tuple[CriteriaList, ...]:
    found = [each for path in sorted(folder.glob("*.toml")) for each in _lists_of(path)]
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            if one.key == other.key and _clash(one, other):
                raise ValueError(f"{one.key} {one.version} clashes with {other.version}")
    return tuple(sorted(found, key=lambda each: (_place(each.key), each.from_date or date.min)))


def _place(key: str) -> tuple[int, str]:
    """Sort CRI-2 before CRI-10."""
    digits = "".join(letter for letter in key if letter.isdecimal())
    return int(digits or 0), key


def _clash(one: CriteriaList, other: CriteriaList) -> bool:
    begins = (one.from_date or date.min) <= (other.to_date or date.max)
    ends = (other.from_date or date.min) <= (one.to_date or date.max)
    return one.version == other.version or (begins and ends)


def _lists_of(path: Path) -> Iterator[CriteriaList]:
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["list"]:
        try:
            yield _list(dict(table))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}: {table.get('key')}: {error}") from error


def _list(table: dict[str, Any]) -> CriteriaList:
    items = tuple(_item(dict(each)) for each in table.pop("item", ()))
    keys = [each.key for each in items]
    if len(set(keys)) != len(keys):
        raise ValueError("an item stands in the list twice")
    texts: dict[str, Any] = {
        name: Bilingual(**table.pop(name)) for name in ("sector", "title", "scope", "source")
    }
    return CriteriaList(
        from_date=table.pop("from", None),
        to_date=table.pop("to", None),
        companions=tuple(table.pop("companions", ())),
        confidence=Confidence(table.pop("confidence")),
        items=items,
        **texts,
        **table,
    )


def _item(table: dict[str, Any]) -> Item:
    return Item(
        text=Bilingual(table.pop("zh"), table.pop("en")),
        confidence=Confidence(table.pop("confidence")),
        parts=tuple(Bilingual(**part) for part in table.pop("parts", ())),
        is_catch_all=table.pop("catch_all", False),
        terms=tuple(tuple(words) for words in table.pop("terms", ())),
        **table,
    )
