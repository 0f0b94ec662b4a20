"""The named standards of major hazards, and what hazards are about: data, never code."""

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
    """One published list of what makes a hazard major."""

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
    """The Chinese name, which is what a ledger keeps, and the English one beside it."""
    return tuple(_read()["categories"].items())


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
