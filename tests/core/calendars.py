"""The calendars that the tests of the rules count with."""

import json
from functools import cache
from pathlib import Path

from bihuan.core.holidays import assemble, parse
from bihuan.core.workdays import WorkCalendar

BUNDLED = Path(__file__).parents[2] / "bihuan" / "calendars" / "data" / "cn"


@cache
def china() -> WorkCalendar:
    """China's published years, 2018 to 2026."""
    files = sorted(BUNDLED.glob("*.json"))
    return assemble("CN", [parse(json.loads(file.read_text(encoding="utf-8"))) for file in files])
