"""The second step of a sign-in: who needs it, which codes are valid, and who may remove a
factor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.core.seals import OPENERS, TWO_PEOPLE

# Stands in for every power that allows unsealing.
OPEN_SEALS = "open_seals"
NAMES = (*(power.value for power in Power), OPEN_SEALS)

# RFC 6238: a code is valid for thirty seconds, and clocks may differ by as much either way.
STEP_SECONDS = 30
EARLY = LATE = 1

RECOVERY_CODES = 10
# How long a second administrator may confirm the request of the first.
ASKED_FOR = TWO_PEOPLE
# How long after its entry a subject of the identity provider takes effect.
SUBJECT_WAITS = grants.WAITS
# How long there is for the second step after the first.
BETWEEN_STEPS = timedelta(minutes=10)


class OwnFactor(Refusal):
    """Officers cannot request or confirm the removal of their own second factor."""


class SameAdministrator(Refusal):
    """The administrator who requested a removal cannot confirm it."""


class AskedTooLongAgo(Refusal):
    """The request has expired and must be made again."""


def is_required(held: Collection[Power], named: Iterable[str]) -> bool:
    """Whether the setting requires a second factor for one of these powers."""
    wanted: set[Power] = set()
    for name in named:
        wanted |= OPENERS if name == OPEN_SEALS else {Power(name)}
    return not wanted.isdisjoint(held)


def steps(now: datetime, last: int) -> list[int]:
    """Return the time steps whose codes are valid now: none that was used, and none before it."""
    here = int(now.timestamp()) // STEP_SECONDS
    return [step for step in range(here - LATE, here + EARLY + 1) if step > last]


def require_asker(holder: int, asked_by: int) -> None:
    if holder == asked_by:
        raise OwnFactor


def require_confirmer(holder: int, asked_by: int, confirmed_by: Collection[int]) -> None:
    """Require a second administrator, also as to everyone who counts as the same person."""
    if holder in confirmed_by:
        raise OwnFactor
    if asked_by in confirmed_by:
        raise SameAdministrator


def require_recent(asked_at: datetime, now: datetime) -> None:
    if now >= asked_at + ASKED_FOR:
        raise AskedTooLongAgo
