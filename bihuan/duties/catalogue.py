"""The kinds of duties, and which kinds of sites need them: data, not code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from bihuan.core.rules import Bilingual, Confidence

DATA = Path(__file__).parent / "data" / "kinds.toml"
EVERY_SITE = "*"


@dataclass(frozen=True)
class DutyKind:
    """One kind of duty; `text` and `source` are proposed when it is assigned."""

    key: str
    name: Bilingual
    text: Bilingual
    source: Bilingual
    confidence: Confidence
    needed: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return chosen(self.name)

    def is_needed_by(self, site_kind: str) -> bool:
        """Whether a site of this kind must have such a duty."""
        return bool(self.needed & {EVERY_SITE, site_kind})


def chosen(words: Bilingual) -> str:
    """Return the text in the reader's language."""
    return words.in_language(get_language() or "en")


@cache
def kinds() -> Mapping[str, DutyKind]:
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["kind"]
    return {
        row["key"]: DutyKind(
            row["key"],
            Bilingual(row["zh"], row["en"]),
            Bilingual(**row["text"]),
            Bilingual(**row["source"]),
            Confidence(row["confidence"]),
            frozenset(row["needed"]),
        )
        for row in rows
    }


def kind(key: str) -> DutyKind:
    """Return the kind; one that is no longer in the data is shown by its key."""
    plain = Bilingual(key, key)
    return kinds().get(key) or DutyKind(key, plain, plain, plain, Confidence.RECALLED)


def needed() -> list[DutyKind]:
    """Return the kinds of duties that some sites must have."""
    return [each for each in kinds().values() if each.needed]


def choices() -> list[tuple[str, str]]:
    return [(key, str(each)) for key, each in kinds().items()]
