"""Who else sees sites: parts above register it, such as posts to which a site is bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bihuan.orgs.models import User

# Takes the officer and the time; returns the ids of sites, as a query with one column.
Reach = Callable[[User, datetime], QuerySet[Any, Any] | None]

_reaches: dict[str, Reach] = {}


def register_reach(name: str, reach: Reach) -> None:
    """Register further sites that an officer sees. For `AppConfig.ready`."""
    _reaches[name] = reach


def reached(user: User, now: datetime) -> Iterator[QuerySet[Any, Any]]:
    for reach in _reaches.values():
        found = reach(user, now)
        if found is not None:
            yield found
