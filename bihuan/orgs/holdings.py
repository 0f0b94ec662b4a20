"""Open work of units and posts, reported by the apps that store it.

`orgs` is below these apps and never imports them: each registers its holdings in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.orgs.models import Post, Tenure, Unit, User


@dataclass(frozen=True)
class PassingOn:
    """A transfer of open work from a closing unit to its successor."""

    unit: Unit
    successor: Unit
    actor: User | None
    now: datetime
    reason: str


@dataclass(frozen=True)
class Leaving:
    """A transfer of open work from a closing post: to another post, or to none yet."""

    post: Post
    to: Post | None
    actor: User | None
    now: datetime
    reason: str
    # The post continues in another unit, which may be excluded from some of the work.
    is_move: bool = False


@dataclass(frozen=True)
class Moving:
    """A unit that was moved, and the paths of the units that were above it."""

    unit: Unit
    paths_before: tuple[str, ...]
    actor: User | None
    now: datetime


@dataclass(frozen=True)
class Closed:
    """How much work of the stand-in's own posts is closed to the stand-in for the holder's sake:
    until the stand-in ends, and also afterwards, because the officer acted in the unit.
    """

    until_end: int = 0
    permanently: int = 0


@dataclass(frozen=True)
class Holding:
    """One type of open work: how to describe how much there is, and how to transfer it."""

    words: Callable[[int], str]
    of_unit: Callable[[Unit, date], int]
    of_post: Callable[[Post, date], int]
    pass_on: Callable[[PassingOn], int]
    leave: Callable[[Leaving], int]
    # Called after a unit was moved, if set.
    moved: Callable[[Moving], None] | None = None
    # What the officer's own posts work on and the officer would lose by acting for the holder.
    lost_by: Callable[[User, Tenure, datetime], tuple[str, ...]] | None = None
    # How much work of the stand-in's own posts is closed to the stand-in now.
    closed_by: Callable[[Tenure, datetime], Closed] | None = None


_registered: dict[str, Holding] = {}


def register(name: str, holding: Holding) -> None:
    _registered[name] = holding


def every() -> list[Holding]:
    return list(_registered.values())


def of_unit(unit: Unit, on: date) -> list[str]:
    """Describe all open work of the unit."""
    return _said(lambda each: each.of_unit(unit, on))


def of_post(post: Post, on: date) -> list[str]:
    """Describe all open work waiting for the holder of the post."""
    return _said(lambda each: each.of_post(post, on))


def lost_by(member: User, tenure: Tenure, now: datetime) -> tuple[str, ...]:
    """Return the work of the officer's own posts that the officer would lose by acting for the
    holder.
    """
    found = [each.lost_by(member, tenure, now) for each in every() if each.lost_by is not None]
    return tuple(number for numbers in found for number in numbers)


def closed_by(stand_in: Tenure, now: datetime) -> Closed:
    """Return how much work of the officer's own posts this stand-in closes to the officer."""
    found = [each.closed_by(stand_in, now) for each in every() if each.closed_by is not None]
    return Closed(sum(each.until_end for each in found), sum(each.permanently for each in found))


def nothing(*_: object) -> int:
    """The answer of a holding that units have and posts do not."""
    return 0


def _said(count: Callable[[Holding], int]) -> list[str]:
    counted = [(each, count(each)) for each in every()]
    return [each.words(n) for each, n in counted if n]
