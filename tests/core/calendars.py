"""The calendars that the tests of the rules count with."""

import json
import tomllib
from functools import cache
from pathlib import Path

from bihuan.core import festivals
from bihuan.core.festivals import Festivals
from bihuan.core.holidays import PublishedYear, assemble, parse
from bihuan.core.outlook import Outlook, continued
from bihuan.core.workdays import WorkCalendar

BUNDLED = Path(__file__).parents[2] / "bihuan" / "calendars" / "data"


@cache
def notices(place: str = "cn") -> tuple[PublishedYear, ...]:
    """The bundled years, the first one first."""
    files = sorted((BUNDLED / place).glob("*.json"))
    return tuple(parse(json.loads(file.read_text(encoding="utf-8"))) for file in files)


@cache
def china() -> WorkCalendar:
    """China's published years, 2018 to 2026."""
    return assemble("CN", notices())


@cache
def law(place: str = "cn") -> Festivals:
    """The festivals that the law names there."""
    text = (BUNDLED / place / "festivals.toml").read_text(encoding="utf-8")
    return festivals.read(tomllib.loads(text))


@cache
def before(year: int) -> Outlook:
    """What was to be expected in China before the notice of that year was loaded."""
    return continued("CN", [each for each in notices() if each.year < year], law())
