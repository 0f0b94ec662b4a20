"""How the subjects of the journal are named and linked, and who must not know of them.

A subject is the name of a chain in the journal, "case/YH-2026-000001": its type, and its key. Each
app registers the types that are its own in `AppConfig.ready`, once; notices, Today, the search box,
the timeline and attachments ask here (docs/decisions/0111-subjects.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bihuan.orgs.models import User


def _from_no_one(member: User, keys: Collection[str], now: datetime) -> Collection[str]:
    return ()


def nameless(key: str) -> str:
    """For subjects whose key says nothing to a reader."""
    return ""


@dataclass(frozen=True)
class SubjectType:
    """Subjects of one type, asked about by their keys.

    `hidden_from` returns those that must not be named to an officer, whatever led to them. Without
    it the subjects of the type are no secret.
    """

    url: Callable[[str], str]
    name: Callable[[str], str] = str
    hidden_from: Callable[[User, Collection[str], datetime], Collection[str]] = _from_no_one


_types: dict[str, SubjectType] = {}


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


def hidden_from(member: User, subjects: Iterable[str], now: datetime) -> set[str]:
    """Return those of these subjects that the officer must not know of; asks each type once."""
    keys: dict[str, set[str]] = {}
    for kind, key in map(parted, subjects):
        keys.setdefault(kind, set()).add(key)
    return {
        f"{kind}/{key}"
        for kind, of_kind in keys.items()
        for key in _types[kind].hidden_from(member, sorted(of_kind), now)
    }
