"""Official division codes: their meaning and their hierarchy."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from bihuan.orgs.refusals import DivisionElsewhere, NotADivisionCode

_TABLES = Path(__file__).parent / "data" / "divisions"


class Level(IntEnum):
    """The levels of the official division codes, by number of digits."""

    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    TOWN = 9
    VILLAGE = 12


@dataclass(frozen=True)
class Division:
    """An entry of the official table; fictional and newer codes have no name."""

    code: str
    level: Level
    name: str


def find(code: str) -> Division:
    """Return the division with this code; raise `NotADivisionCode` if it is malformed."""
    if not (code.isascii() and code.isdigit()) or len(code) not in list(Level):
        raise NotADivisionCode(code)
    return Division(code, Level(len(code)), _names().get(code, ""))


def full_name(code: str) -> str:
    """Return the names from the province to the county; empty if the table lacks the code."""
    parts = [code[:digits] for digits in Level if digits <= min(len(code), Level.COUNTY)]
    names = [_names().get(part, "") for part in parts]
    return "".join(names) if all(names) else ""


def require_under(code: str, above: str) -> None:
    """Refuse a code outside the division of the unit above; either may be blank."""
    if code:
        find(code)
    if code and not code.startswith(above):
        raise DivisionElsewhere(code, above)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for table in ("provinces", "cities", "areas"):
        with (_TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as rows:
            names |= {row["code"]: row["name"] for row in csv.DictReader(rows)}
    return names
