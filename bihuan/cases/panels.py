"""Parts of the page of a case that apps above put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bihuan.cases.models import Case
from bihuan.orgs.models import User


class Spot(StrEnum):
    """Where on the page, in the order in which it is read."""

    WARNINGS = "warnings"
    BELOW_PHOTOS = "below_photos"
    END = "end"
    ASIDE = "aside"


@dataclass(frozen=True)
class Panel:
    """One part: its template for each spot, and what it shows to this officer."""

    templates: Mapping[Spot, str]
    context: Callable[[Case, User, datetime], Mapping[str, Any]]


_registered: list[Panel] = []


def register(*panels: Panel) -> None:
    """Show these parts, in this order. For `AppConfig.ready`."""
    _registered.extend(panels)


def context(case: Case, user: User, now: datetime) -> dict[str, Any]:
    """What the page shows of these parts; `panels` are the templates at each spot."""
    shown: dict[str, Any] = {}
    for panel in _registered:
        shown |= panel.context(case, user, now)
    return {**shown, "panels": {spot.value: _at(spot) for spot in Spot}}


def _at(spot: Spot) -> list[str]:
    return [panel.templates[spot] for panel in _registered if spot in panel.templates]
