"""Parts of the page of a case that apps above add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bihuan.cases.models import Case
from bihuan.orgs.models import User


class Spot(StrEnum):
    """The position on the page, in reading order."""

    WARNINGS = "warnings"
    BELOW_PHOTOS = "below_photos"
    END = "end"
    ASIDE = "aside"


@dataclass(frozen=True)
class Panel:
    """One part: its template for each position, and its context for this officer."""

    templates: Mapping[Spot, str]
    context: Callable[[Case, User, datetime], Mapping[str, Any]]


_registered: list[Panel] = []


def register(*panels: Panel) -> None:
    """Register these parts, in this order. For `AppConfig.ready`."""
    _registered.extend(panels)


def context(case: Case, user: User, now: datetime) -> dict[str, Any]:
    """Return the context of these parts; `panels` are the templates at each position."""
    shown: dict[str, Any] = {}
    for panel in _registered:
        shown |= panel.context(case, user, now)
    return {**shown, "panels": {spot.value: _at(spot) for spot in Spot}}


def _at(spot: Spot) -> list[str]:
    return [panel.templates[spot] for panel in _registered if spot in panel.templates]
