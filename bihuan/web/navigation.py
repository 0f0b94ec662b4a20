"""The navigation of every page: each app registers its pages in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from bihuan.core.powers import Power
from bihuan.orgs.models import User


class Group(StrEnum):
    """The groups of the side bar, in this order."""

    WORK = "work"
    PREVENTION = "prevention"
    RESPONSE = "response"
    OVERSIGHT = "oversight"
    SETUP = "setup"
    OWN = "own"


TITLES: Mapping[Group, str | Promise] = {
    Group.WORK: pgettext_lazy("navigation", "Work"),
    Group.PREVENTION: pgettext_lazy("navigation", "Prevention"),
    Group.RESPONSE: pgettext_lazy("navigation", "Around the clock"),
    Group.OVERSIGHT: pgettext_lazy("navigation", "Oversight"),
    Group.SETUP: pgettext_lazy("navigation", "Set-up"),
    Group.OWN: pgettext_lazy("navigation", "My pages"),
}


@dataclass(frozen=True)
class Place:
    """A page without parameters, by its namespaced URL name: "orgs:account"."""

    name: str
    label: str | Promise
    icon: str
    group: Group = Group.WORK
    # "t" means that `g t` on the keyboard opens it.
    key: str = ""
    # Shown to officers with one of these powers anywhere; to all if empty.
    powers: frozenset[Power] = frozenset()
    # The position in its group; pages with the same order follow the order of the installed apps.
    order: int = 5
    # Also in the bottom bar of a phone, which has room for two.
    on_phones: bool = False
    # How many things there are new for an officer, shown after the label.
    count: Callable[[User, datetime], int] | None = None


_front: list[str] = []
_places: dict[str, Place] = {}
_makers: dict[str, Place] = {}


def register_front(name: str) -> None:
    """Register the page on which anyone arrives who has not signed in."""
    _front[:] = [name]


def front() -> str:
    """Return the URL name of that page; empty if there is none."""
    return _front[0] if _front else ""


def register(*places: Place) -> None:
    """Register pages for the side bar."""
    _places.update({place.name: place for place in places})


def register_maker(*places: Place) -> None:
    """Register forms that create something, for the “New” menu."""
    _makers.update({place.name: place for place in places})


def places(group: Group) -> list[Place]:
    return _in_order(place for place in _places.values() if place.group is group)


def makers() -> list[Place]:
    return _in_order(_makers.values())


def _in_order(found: Iterable[Place]) -> list[Place]:
    return sorted(found, key=lambda place: place.order)
