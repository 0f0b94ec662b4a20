"""Names, links and visibility of the journal's subjects.

A subject is the name of a chain in the journal, "case/YH-2026-000001": its type, and its key. Each
app registers its own types in `AppConfig.ready`, once; notices, Today, the search box, the timeline
and attachments use them (docs/decisions/0111-subjects.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from bihuan.core.numerals import whole
from bihuan.orgs.models import User


def _from_no_one(member: User, keys: Collection[str], now: datetime) -> Collection[str]:
    return ()


def _no(member: User, key: str, now: datetime) -> bool:
    return False


def nameless(key: str) -> str:
    """For subjects whose key means nothing to a reader."""
    return ""


@dataclass(frozen=True)
class SeenSubject:
    """The name and the link of a subject that an officer may open."""

    name: str
    url: str


@dataclass(frozen=True)
class SubjectType:
    """Subjects of one type, asked about by their keys.

    `hidden_from` returns those that must not be named to an officer, whatever led to them. Without
    it the subjects of the type are no secret. `may_see` says whether an officer may open what
    belongs to one (its timeline, its attachments): without it no one may. `acts` has the words of
    those acts that the timeline shows. `may_attach` says whether an officer who may see one may
    attach files to it: without it no one may. `see` returns name and link of one that an officer
    may see, for types that load its record for each of these questions.
    """

    url: Callable[[str], str]
    name: Callable[[str], str] = str
    hidden_from: Callable[[User, Collection[str], datetime], Collection[str]] = _from_no_one
    may_see: Callable[[User, str, datetime], bool] = _no
    acts: Mapping[str, str | Promise] = field(default_factory=dict)
    may_attach: Callable[[User, str, datetime], bool] = _no
    see: Callable[[User, str, datetime], SeenSubject | None] | None = None
    # Which of them have no page for the officer, hidden or not; without it, those that are hidden.
    out_of_reach: Callable[[User, Collection[str], datetime], Collection[str]] | None = None


_types: dict[str, SubjectType] = {}


def unseen(seen: QuerySet[Any, Any], keys: Collection[str]) -> set[str]:
    """Return those of these keys that are no rows of `seen`, for `hidden_from` of a type whose
    keys are those of its rows. A key may come from a URL, and be anything.
    """
    numbers = {number for key in keys if (number := whole(key)) is not None}
    found = seen.filter(pk__in=numbers).values_list("pk", flat=True)
    return set(keys) - set(map(str, found))


def register(kind: str, type_: SubjectType) -> None:
    """Register the type of the subjects "kind/…"."""
    _types[kind] = type_


def parted(subject: str) -> tuple[str, str]:
    """Return the type of a subject and its key."""
    kind, _, key = subject.partition("/")
    return kind, key


def name(subject: str) -> str:
    kind, key = parted(subject)
    return _types[kind].name(key)


def url(subject: str) -> str:
    kind, key = parted(subject)
    return _types[kind].url(key)


def acts(subject: str) -> Mapping[str, str | Promise]:
    return _types[parted(subject)[0]].acts


def may_see(member: User, subject: str, now: datetime) -> bool:
    """Whether the officer may open what belongs to this subject; never for an unknown type.

    The subject may come from a URL. No name has a NUL, which PostgreSQL does not compare.
    """
    kind, key = parted(subject)
    return kind in _types and "\x00" not in key and _types[kind].may_see(member, key, now)


def seen(member: User, subject: str, now: datetime) -> SeenSubject | None:
    """Return the name and the link of the subject, if the officer may open what belongs to it."""
    kind, key = parted(subject)
    if kind in _types and "\x00" not in key and (see := _types[kind].see) is not None:
        return see(member, key, now)
    if not may_see(member, subject, now):
        return None
    return SeenSubject(name(subject), url(subject))


def may_attach(member: User, subject: str, now: datetime) -> bool:
    """Whether the officer may attach files to this subject, which they must also see."""
    kind, key = parted(subject)
    return may_see(member, subject, now) and _types[kind].may_attach(member, key, now)


def hidden_from(member: User, subjects: Iterable[str], now: datetime) -> set[str]:
    """Return those of these subjects that the officer must not know of; calls each type once."""
    return {
        f"{kind}/{key}"
        for kind, keys in _by_type(subjects).items()
        for key in _types[kind].hidden_from(member, keys, now)
    }


def out_of_reach(member: User, subjects: Iterable[str], now: datetime) -> set[str]:
    """Return those of these subjects whose page the officer cannot open, as `hidden_from` does."""
    return {
        f"{kind}/{key}"
        for kind, keys in _by_type(subjects).items()
        for key in (_types[kind].out_of_reach or _types[kind].hidden_from)(member, keys, now)
    }


def _by_type(subjects: Iterable[str]) -> dict[str, list[str]]:
    keys: dict[str, set[str]] = {}
    for kind, key in map(parted, subjects):
        keys.setdefault(kind, set()).add(key)
    return {kind: sorted(found) for kind, found in keys.items()}
