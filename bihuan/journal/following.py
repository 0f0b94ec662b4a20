"""Data derived from the records of a subject, updated after each entry.

When an entry is written, everything that the action changed is in the tables, because the entry
holds a digest of them. So no action can forget to call this (docs/decisions/0018). It runs in the
transaction of the action, and a failure undoes both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Follower:
    """What is called with the subjects of every act, or with the records of a new subject."""

    after: Callable[[Collection[str]], None]
    # The rows to be inserted together with those records.
    first: Callable[[str, Sequence[Model]], Iterable[Model]]


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """For `AppConfig.ready`."""
    if follower not in _followers:
        _followers.append(follower)


def after(subjects: Collection[str]) -> None:
    for each in _followers:
        each.after(subjects)


def first(subject: str, rows: Sequence[Model]) -> list[Model]:
    return [row for each in _followers for row in each.first(subject, rows)]
