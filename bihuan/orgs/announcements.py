"""Announce what administrators did; `notices` is above and registers how officers are notified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model

from bihuan.orgs.models import Unit, User


@dataclass(frozen=True)
class News:
    """One change; its `cause` is unique, so that no officer is notified twice."""

    unit: Unit | None
    what: str
    cause: str
    now: datetime
    detail: Mapping[str, str] = field(default_factory=dict)


def cause_of(what: str, about: Model, now: datetime) -> str:
    """Return the cause of the news that this was done to a record now."""
    return f"{_causes(what, about)}{now.timestamp()}"


def _causes(what: str, about: Model) -> str:
    return f"{what}/{type(about).__name__.lower()}/{about.pk}/"


Notifier = Callable[[Iterable[User], News], None]
# Takes the officer, the beginning of the causes, and the time.
Settler = Callable[[User, str, datetime], None]

_notifiers: list[Notifier] = []
_settlers: list[Settler] = []


def register(notifier: Notifier, settler: Settler) -> None:
    """Notify officers through these functions, and mark as read what is settled. For
    `AppConfig.ready`.
    """
    _notifiers.append(notifier)
    _settlers.append(settler)


def tell(members: Iterable[User], news: News) -> None:
    """Notify each of these officers once."""
    recipients = list(dict.fromkeys(members))
    for notifier in _notifiers if recipients else ():
        notifier(recipients, news)


def settle(member: User, what: str, about: Model, now: datetime) -> None:
    """Mark this news about a record as read: the officer has answered it, or need not any more."""
    for settler in _settlers:
        settler(member, _causes(what, about), now)
