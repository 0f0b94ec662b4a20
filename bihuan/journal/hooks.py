"""What other apps register with the journal: witnesses and followers.

An entry records what was done; the tables hold the current state. So that a change made outside the
journal is detected, each entry holds a digest of every part of the subject's rows when it is
written. The app that owns the subjects registers a witness, which reads the tables.

Followers are called after each entry, and keep data that is derived from the records of a subject.
Everything that the action changed is in the tables by then, because the entry holds a digest of
them; so no action can forget to call them (docs/decisions/0018). They run in the transaction of the
action, and a failure undoes both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Model
from django.utils.functional import Promise

from bihuan.journal.models import STATE

# The digest of each part of a subject, by the part's name; a part without rows has none.
Parts = Mapping[str, str]

# The marker in a detail that holds them; inside a text it would be escaped.
MARK = f'"{STATE}":'
DIGEST_BYTES = 12
# Number of subjects read at a time.
AT_ONCE = 2000


class Witness(ABC):
    """Reads the state of the subjects with one prefix, and finds those without a chain."""

    @abstractmethod
    def stands(self, names: Collection[str]) -> Mapping[str, Parts]:
        """Return the parts of each subject that exists, by its name without the prefix."""

    @abstractmethod
    def words(self, part: str) -> Promise | str:
        """Return the display name of the part."""

    @abstractmethod
    def unwitnessed(self) -> Iterable[str]:
        """Return the names of subjects without a chain."""


_witnesses: dict[str, Witness] = {}


def register_witness(prefix: str, witness: Witness) -> None:
    """Have entries of "prefix/…" hold the subject's state. For `AppConfig.ready`."""
    _witnesses[prefix] = witness


def witnesses() -> Mapping[str, Witness]:
    """Return the registered witnesses by the prefix of their subjects."""
    return _witnesses


def digest(lines: Iterable[str]) -> str:
    """Digest the rows of one part, each as one line, in any order."""
    text = "\n".join(sorted(lines))
    return urlsafe_b64encode(sha256(text.encode()).digest()[:DIGEST_BYTES]).decode()


def states(subjects: Collection[str]) -> dict[str, Parts]:
    """Return the state of these subjects; those without a witness, or missing, are left out."""
    named: dict[str, list[str]] = {}
    for subject in subjects:
        prefix, _, name = subject.partition("/")
        if prefix in _witnesses:
            named.setdefault(prefix, []).append(name)
    return {
        f"{prefix}/{name}": parts
        for prefix, names in named.items()
        for name, parts in _witnesses[prefix].stands(names).items()
    }


def words(subject: str, part: str) -> Promise | str:
    """Return the display name of that part of the subject."""
    witness = _witnesses.get(subject.partition("/")[0])
    return witness.words(part) if witness else part


def has_witness(subject: str) -> bool:
    return subject.partition("/")[0] in _witnesses


@dataclass(frozen=True)
class Follower:
    """What is called with the subjects of every act, or with the records of a new subject."""

    after: Callable[[Collection[str]], None]
    # The rows to be inserted together with those records.
    first: Callable[[str, Sequence[Model]], Iterable[Model]]


_followers: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Have it called after each entry. For `AppConfig.ready`."""
    if follower not in _followers:
        _followers.append(follower)


def after(subjects: Collection[str]) -> None:
    for each in _followers:
        each.after(subjects)


def first(subject: str, rows: Sequence[Model]) -> list[Model]:
    return [row for each in _followers for row in each.first(subject, rows)]
