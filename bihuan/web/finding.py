"""Going straight to a page, a case or a unit: what the box at the top of every page finds.

It finds names and numbers. Searching in what cases say is the ledger's work, which it offers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from bihuan.orgs import access, naming, queries
from bihuan.orgs.models import User
from bihuan.web import subjects
from bihuan.web.context import Entry

MOST = 8
LONGEST = 100


@dataclass(frozen=True)
class FoundPlace:
    """One place to go to. `note` tells places of the same label apart."""

    label: str
    url: str
    icon: str
    note: str = ""
    # Leads to a search for the same words, and was found by none.
    searches: bool = False


@dataclass(frozen=True)
class FoundGroup:
    """What one part of the product found."""

    label: str | Promise
    found: list[FoundPlace]


# Takes who asks, what was typed and the time; answers at most `MOST`, each of which they may see.
Finder = Callable[[User, str, datetime], Iterable[FoundPlace]]

_finders: dict[str, tuple[str | Promise, Finder]] = {}


def register(name: str, label: str | Promise, finder: Finder) -> None:
    """Have the box find things of a kind. For `AppConfig.ready`."""
    _finders[name] = (label, finder)


def find(user: User, typed: str, entries: Iterable[Entry], now: datetime) -> list[FoundGroup]:
    """What the finders know by this name, and the pages of the frame (`entries`) that match."""
    words = typed.strip()[:LONGEST]
    if not words:
        return []
    pages = [
        FoundPlace(str(entry.label), entry.url, entry.icon)
        for entry in entries
        if words.casefold() in str(entry.label).casefold()
    ]
    groups = [FoundGroup(pgettext("navigation", "Pages"), pages[:MOST])]
    groups += [
        FoundGroup(label, list(finder(user, words, now))) for label, finder in _finders.values()
    ]
    return [group for group in groups if group.found]


def only(groups: list[FoundGroup]) -> FoundPlace | None:
    """The one place that was found, if there is just one."""
    found = [each for group in groups for each in group.found if not each.searches]
    return found[0] if len(found) == 1 else None


def units(user: User, words: str, now: datetime) -> list[FoundPlace]:
    """Units by name or by the beginning of their code, for officers who hold a post."""
    on = localdate(now)
    if not access.seats(user, on):
        return []
    found = queries.search_units(words, on)[:MOST]
    return [
        FoundPlace(naming.name_of(unit), subjects.url(f"unit/{unit.code}"), "units", unit.code)
        for unit in found
    ]
