"""Checks of the installation, for `/readyz` and `bihuan check`.

Each part registers its own checks. `/readyz` runs the quick ones and answers in English, for
programs; `bihuan check` runs all of them, in the language of the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _


class Level(StrEnum):
    """The result of a check."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class CheckResult:
    """One line of a check's results."""

    area: str
    level: Level
    said: str


# Returns the level and the text of each finding; empty if there is none.
Look = Callable[[datetime], Iterator[tuple[Level, str]]]


@dataclass(frozen=True)
class _Check:
    area: str
    look: Look
    quick: bool
    asks_database: bool


DATABASE, SCHEMA = "database", "schema"

_checks: list[_Check] = []


def register(area: str, look: Look, *, quick: bool = False, asks_database: bool = False) -> None:
    """Register `look(now)` as a check; one that needs the database runs only if it can answer."""
    _checks.append(_Check(area, look, quick, asks_database))


def run(*, now: datetime, quickly: bool = False) -> list[CheckResult]:
    """Run the checks and return their findings; a check without findings returns that it passed."""
    found: list[CheckResult] = []
    for check in _checks:
        if quickly and not check.quick:
            continue
        if check.asks_database and _is_without_database(found):
            if not quickly:
                found.append(CheckResult(check.area, Level.WARN, _("not checked, see above")))
            continue
        found += _found(check, now, quickly=quickly)
    return found


def _is_without_database(found: list[CheckResult]) -> bool:
    return any(each.level is Level.BAD and each.area in (DATABASE, SCHEMA) for each in found)


def _found(check: _Check, now: datetime, *, quickly: bool) -> Iterator[CheckResult]:
    result = partial(CheckResult, check.area)
    try:
        lines = list(check.look(now))
    except (DatabaseError, InterfaceError) as error:
        # A response that anyone may read names no hosts and no users.
        why = "" if quickly else f": {' '.join(str(error).split())}"
        lines = [(Level.BAD, _("cannot be reached") + why)]
    yield from (result(*line) for line in lines or [(Level.OK, "")])
