"""Who works out deadlines with these holidays, and does so again when others are in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

# Answers what it did, in counts; harmless twice.
Follower = Callable[[datetime], Mapping[str, int]]

_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Have `follower(now)` called when a year was loaded. For `AppConfig.ready`."""
    _followers.append(follower)


def follow(*, now: datetime) -> dict[str, int]:
    """Have every deadline worked out by the holidays in force now; what was done, in counts."""
    done: dict[str, int] = {}
    for follower in _followers:
        for what, count in follower(now).items():
            done[what] = done.get(what, 0) + count
    return done
