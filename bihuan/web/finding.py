"""Go directly to a page, a case or a unit: the search box at the top of every page.

It finds names and numbers. Full-text search is offered as a link to the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from bihuan.core.powers import Power
from bihuan.orgs import access, naming, queries
from bihuan.orgs.models import User
from bihuan.web import subjects
from bihuan.web.context import Entry

MOST = 8
LONGEST = 100


@dataclass(frozen=True)
class FoundPlace:
    """One destination. `note` distinguishes destinations with the same label."""

    label: str
    url: str
    icon: str
    note: str = ""
    # A link to a search for the same words, not a result.
    searches: bool = False


@dataclass(frozen=True)
class FoundGroup:
    """The results of one part."""

    label: str | Promise
    found: list[FoundPlace]


# Takes the user, the query and the time; returns at most `MOST` results, each visible to the user.
Finder = Callable[[User, str, datetime], Iterable[FoundPlace]]

_finders: dict[str, tuple[str | Promise, Finder]] = {}


def register(name: str, label: str | Promise, finder: Finder) -> None:
    """Register results of one type for the search box. For `AppConfig.ready`."""
    _finders[name] = (label, finder)


def find(user: User, typed: str, entries: Iterable[Entry], now: datetime) -> list[FoundGroup]:
    """Return the results of all finders, and the matching pages of the frame (`entries`)."""
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
    """Return the only result, if there is exactly one."""
    found = [each for group in groups for each in group.found if not each.searches]
    return found[0] if len(found) == 1 else None


def units(user: User, words: str, now: datetime) -> list[FoundPlace]:
    """Return units by name or by the start of their code, for officers who hold a post."""
    on = localdate(now)
    if not access.seats(user, on):
        return []
    found = queries.search_units(words, on)[:MOST]
    return [
        FoundPlace(naming.name_of(unit), subjects.url(f"unit/{unit.code}"), "units", unit.code)
        for unit in found
    ]


def officers(user: User, words: str, now: datetime) -> list[FoundPlace]:
    """Return officers by name with their posts, within the reach of the officer's own posts."""
    tops = access.tops(user, Power, localdate(now))
    if not tops:
        return []
    held = queries.search_holders(words, localdate(now), within=tops)
    return [
        FoundPlace(
            each.member.name,
            subjects.url(f"unit/{each.post.unit.code}"),
            "person",
            naming.seat_of(each.post),
        )
        for each in held[:MOST]
    ]
