"""What units and posts still have to do, as the parts that keep it know it.

`orgs` lies below them and never imports them: each registers what it keeps when its app is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.orgs.models import Post, Unit, User


@dataclass(frozen=True)
class PassingOn:
    """Open work on its way from a unit that closes to the one that follows it."""

    unit: Unit
    successor: Unit
    actor: User | None
    now: datetime
    reason: str


@dataclass(frozen=True)
class Leaving:
    """Open work on its way from a post that ends: to another post, or to nobody yet."""

    post: Post
    to: Post | None
    actor: User | None
    now: datetime
    reason: str


@dataclass(frozen=True)
class Moving:
    """A unit that hangs elsewhere now, and the paths of the units that were over it."""

    unit: Unit
    paths_before: tuple[str, ...]
    actor: User | None
    now: datetime


@dataclass(frozen=True)
class Holding:
    """One sort of open work: how much of it there is, in words, and how it is passed on."""

    words: Callable[[int], str]
    of_unit: Callable[[Unit, date], int]
    of_post: Callable[[Post, date], int]
    pass_on: Callable[[PassingOn], int]
    leave: Callable[[Leaving], int]
    # What follows where a unit is hung elsewhere, if anything does.
    moved: Callable[[Moving], None] | None = None


_registered: dict[str, Holding] = {}


def register(name: str, holding: Holding) -> None:
    _registered[name] = holding


def every() -> list[Holding]:
    return list(_registered.values())


def of_unit(unit: Unit, on: date) -> list[str]:
    """Everything that the unit still has to do, in words."""
    return _said(lambda each: each.of_unit(unit, on))


def of_post(post: Post, on: date) -> list[str]:
    """Everything that waits for the holder of the post, in words."""
    return _said(lambda each: each.of_post(post, on))


def nothing(*_: object) -> int:
    """What a holding answers that units have and posts do not."""
    return 0


def _said(count: Callable[[Holding], int]) -> list[str]:
    counted = [(each, count(each)) for each in every()]
    return [each.words(n) for each, n in counted if n]
