"""The frequencies and the norm of `data/visiting.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.visiting import Frequencies, Norm, Risk

DATA = Path(__file__).parent / "data" / "visiting.toml"


@cache
def frequencies() -> Frequencies:
    """Return how often sites are visited."""
    kinds = dict(_read()["kinds"])
    otherwise = kinds.pop("otherwise")
    by_risk = {Risk(name): days for name, days in _read()["risk"].items()}
    return Frequencies(by_risk, kinds, otherwise)


@cache
def norm() -> Norm:
    """Return what one post can take."""
    return Norm(**_read()["norm"])


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
