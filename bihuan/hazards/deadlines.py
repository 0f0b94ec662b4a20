"""The deadline that is proposed for a fix, by category and grade."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.hazard import Grade

DATA = Path(__file__).parent / "data" / "deadlines.toml"


def proposed(grade: str, category: str, today: date) -> date:
    """Return the proposed day; the officer who assigns the work decides."""
    of_grade = _terms()[Grade.MAJOR if grade == Grade.MAJOR else Grade.GENERAL]
    return today + timedelta(days=of_grade["categories"].get(category, of_grade["days"]))


@cache
def _terms() -> Mapping[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
