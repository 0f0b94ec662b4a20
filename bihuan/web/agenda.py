"""Today: what waits for an officer. Each app registers its sections, in `AppConfig.ready`.

All sections are rendered by one template, `web/agenda.html` (docs/decisions/0112-agenda.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from django.utils.functional import Promise

from bihuan.core.deadlines import Due
from bihuan.orgs.models import User
from bihuan.web import subjects

AT_MOST = 20


class Urgency(Enum):
    ORDINARY = auto()
    URGENT = auto()


@dataclass(frozen=True)
class AgendaItem:
    """One thing to do. Without `step_url` the step is only named: its page has the button."""

    title: str
    url: str
    number: str = ""
    place: str = ""
    unit: str = ""
    note: str = ""
    due: Due | None = None
    step_label: str | Promise = ""
    step_url: str = ""
    urgency: Urgency = Urgency.ORDINARY
    # As in the journal; an item whose subject is hidden from the officer is left out.
    subject: str = ""

    @property
    def is_urgent(self) -> bool:
        return self.urgency is Urgency.URGENT


@dataclass(frozen=True)
class AgendaSection:
    """Items of one type; `more` is the URL of all of them.

    Sections are sorted by `order`, then in the order of registration.
    """

    title: str | Promise
    items: list[AgendaItem]
    more: str = ""
    is_cut: bool = False
    # Whether the query behind the items has excluded what is hidden from the officer.
    is_checked: bool = False
    order: int = 5

    @classmethod
    def of(
        cls,
        title: str | Promise,
        found: Iterable[AgendaItem],
        more: str = "",
        *,
        is_checked: bool = False,
        order: int = 5,
    ) -> AgendaSection:
        """Return the first items found; one more than `AT_MOST` is enough."""
        items = list(found)
        return cls(title, items[:AT_MOST], more, len(items) > AT_MOST, is_checked, order)


# Takes the officer and the time.
Sections = Callable[[User, datetime], Iterable[AgendaSection]]
_registered: dict[str, Sections] = {}


def register(name: str, found: Sections) -> None:
    """Register sections of Today."""
    _registered[name] = found


def sections(user: User, now: datetime) -> list[AgendaSection]:
    """Return everything that waits for this officer, without empty sections."""
    found = (section for registered in _registered.values() for section in registered(user, now))
    return known_to(user, sorted(found, key=lambda section: section.order), now)


def known_to(user: User, found: Iterable[AgendaSection], now: datetime) -> list[AgendaSection]:
    """Return these sections without what is hidden from the officer, and without empty ones."""
    given = [section for section in found if section.items]
    subject_names = [item.subject for each in given if not each.is_checked for item in each.items]
    hidden = subjects.hidden_from(user, filter(None, subject_names), now)
    if not hidden:
        return given
    known = [
        replace(each, items=[item for item in each.items if item.subject not in hidden])
        for each in given
    ]
    return [section for section in known if section.items]
