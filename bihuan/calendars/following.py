"""Callbacks that recalculate deadlines when other holidays come into force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

# Returns counts of what it did; safe to call twice.
Follower = Callable[[datetime], Mapping[str, int]]

_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Have `follower(now)` called after a year was loaded. For `AppConfig.ready`."""
    _followers.append(follower)


def follow(*, now: datetime) -> dict[str, int]:
    """Have every deadline recalculated with the holidays now in force; return counts of what was
    done.
    """
    done: dict[str, int] = {}
    for follower in _followers:
        for what, count in follower(now).items():
            done[what] = done.get(what, 0) + count
    return done
