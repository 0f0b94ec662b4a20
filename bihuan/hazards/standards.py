"""The published standards of major hazards by name, and the categories of hazards."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bihuan.criteria import lists

DATA = Path(__file__).parent / "data" / "categories.toml"


@dataclass(frozen=True)
class Standard:
    """A published list, as the form suggests its name."""

    zh: str
    en: str


@cache
def standards() -> tuple[Standard, ...]:
    """Return the newest version of each list of the catalogue; a hazard keeps the text of the
    name that it was judged by, so an entry may change or go.
    """
    newest = {each.key: each for each in lists.every()}
    return tuple(Standard(each.name, each.title.en) for each in newest.values())


@cache
def categories() -> tuple[tuple[str, str], ...]:
    """Return the Chinese name, which is what a ledger contains, with the English one."""
    return tuple(tomllib.loads(DATA.read_text(encoding="utf-8"))["categories"].items())
