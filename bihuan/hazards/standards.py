"""The named standards of major hazards, and the categories of hazards: data, not code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.rules import Confidence

DATA = Path(__file__).parent / "data" / "standards.toml"


@dataclass(frozen=True)
class Standard:
    """A published list of what makes a hazard major."""

    id: str
    zh: str
    en: str
    confidence: Confidence


@cache
def standards() -> tuple[Standard, ...]:
    return tuple(
        Standard(row["id"], row["zh"], row["en"], Confidence(row["confidence"]))
        for row in _read()["standard"]
    )


@cache
def categories() -> tuple[tuple[str, str], ...]:
    """Return the Chinese name, which is what a ledger contains, with the English one."""
    return tuple(_read()["categories"].items())


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
