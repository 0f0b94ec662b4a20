"""Whether the system clock is plausible, checked before anything irreversible."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

# A worker that was down for longer, or a clock that jumped: only a person can tell which.
LONGEST_PAUSE = timedelta(days=3)
# By how much a clock may be adjusted while the worker runs.
BACKWARDS = timedelta(minutes=10)
# The tolerated difference between the clocks of two machines, or a machine and a person.
APART = timedelta(minutes=10)


class Jump(StrEnum):
    """How the system time contradicts what is known."""

    AHEAD = "ahead"
    BACK = "back"
    APART = "apart"


def jumped(
    now: datetime, *, last: datetime | None = None, database: datetime | None = None
) -> Jump | None:
    """Return how `now` contradicts the last run of the worker, or the clock of the database."""
    if database is not None and abs(now - database) > APART:
        return Jump.APART
    if last is None:
        return None
    if now - last > LONGEST_PAUSE:
        return Jump.AHEAD
    return Jump.BACK if last - now > BACKWARDS else None


def agree(now: datetime, at: datetime) -> bool:
    """Whether the time that a person read elsewhere matches the system time."""
    return abs(now - at) <= APART
