"""Whether the clock of this machine can be believed, before anything is done for good by it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

# A worker that was away for longer, or a clock that jumped: only a person can tell which.
LONGEST_PAUSE = timedelta(days=3)
# By so much a clock may be put right while the worker runs.
BACKWARDS = timedelta(minutes=10)
# By so much the clocks of two machines may differ, and that of the person who looks at one.
APART = timedelta(minutes=10)


class Jump(StrEnum):
    """How the time that the machine says does not fit what is known."""

    AHEAD = "ahead"
    BACK = "back"
    APART = "apart"


def jumped(
    now: datetime, *, last: datetime | None = None, database: datetime | None = None
) -> Jump | None:
    """How `now` does not fit the last run of the worker, or the clock of the database."""
    if database is not None and abs(now - database) > APART:
        return Jump.APART
    if last is None:
        return None
    if now - last > LONGEST_PAUSE:
        return Jump.AHEAD
    return Jump.BACK if last - now > BACKWARDS else None


def agree(now: datetime, said: datetime) -> bool:
    """Whether the time that a person read elsewhere is that of the machine."""
    return abs(now - said) <= APART
