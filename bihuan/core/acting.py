"""The acting person: posts, and whom the person represents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bihuan.core.eyes import HeldPaths, Span
from bihuan.core.powers import Power


class StandsInFor(NamedTuple):
    """The absent holder of a post, for whom another officer acts, and on which days."""

    person: int
    name: str
    since_date: date
    until_date: date | None = None  # None: still


@dataclass(frozen=True)
class ActingPost:
    """One post of the acting person: the unit's path and the post's powers."""

    path: str
    powers: frozenset[Power]
    # When it takes effect for unsealing; None if it already has (see `core.grants`).
    settles_at: datetime | None = None
    key: int = 0
    stands_in_for: int = 0  # the person, if it is the post of an absent holder


@dataclass(frozen=True)
class Person:
    """The acting person."""

    id: int
    seats: tuple[ActingPost, ...]
    name: str = ""
    held: tuple[HeldPaths, ...] = ()  # current and former posts
    # Whom this person represents or represented.
    represents: tuple[StandsInFor, ...] = ()

    def counting_as(self, span: Span | None) -> tuple[StandsInFor, ...]:
        """Return whom this person represented during the work: each counts as this person."""
        return tuple(
            each
            for each in self.represents
            if span is None or span.meets(each.since_date, each.until_date)
        )

    def ids(self, span: Span | None) -> frozenset[int]:
        """Return this person and those who count as this person."""
        return frozenset({self.id, *(each.person for each in self.counting_as(span))})


def nearest(seats: Collection[ActingPost], post: int | None = None) -> ActingPost:
    """Return the seat from which the person acts: as the stand-in of the holder to whose post the
    case is assigned, else in their own name, else as another's stand-in; of these the nearest.
    """

    def rank(seat: ActingPost) -> tuple[bool, bool, int]:
        is_own = not seat.stands_in_for
        return not is_own and seat.key == post, is_own, len(seat.path)

    return max(seats, key=rank)
