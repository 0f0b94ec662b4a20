"""What users of an operator have to do, as the parts above register it for their first page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from bihuan.orgs.models import User
from bihuan.web.agenda import AgendaSection

# Takes the user and the time.
Owed = Callable[[User, datetime], Iterable[AgendaSection]]
_registered: dict[str, Owed] = {}


def register(name: str, found: Owed) -> None:
    """Register sections of the first page of an operator. For `AppConfig.ready`."""
    _registered[name] = found


def of(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Yield what waits for this user, without empty sections."""
    for found in _registered.values():
        yield from (section for section in found(user, now) if section.items)
