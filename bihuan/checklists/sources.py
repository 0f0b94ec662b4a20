"""The supplied checklists: data, not code, in Chinese and English, each item with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bihuan.core import checklist_json
from bihuan.core.checklist import Content
from bihuan.core.rules import Bilingual

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class SuppliedSet:
    """One set, and which edition of it this release has."""

    key: str
    edition: str
    title: Bilingual
    site_kinds: tuple[str, ...]
    content: Content


@cache
def supplied() -> tuple[SuppliedSet, ...]:
    """Return the sets of this release."""
    return tuple(map(read, sorted(FOLDER.glob("*.toml"))))


def read(path: Path) -> SuppliedSet:
    """Read one set; its sections have the form of a checklist."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    content = checklist_json.from_data(
        {"schema": checklist_json.SCHEMA, "sections": data["section"]}
    )
    title = Bilingual(data["title"]["zh"], data["title"]["en"])
    return SuppliedSet(data["key"], data["edition"], title, tuple(data["site_kinds"]), content)
