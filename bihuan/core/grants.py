"""No administrator alone decides who may open seals: access that is granted waits for a second.

A grant is what one act of an administrator gave: a post to an officer, powers to a post, a
password to an account. For seals and for what is confidential it counts once another
administrator has confirmed it, or after 72 hours, in which the holder and the leader heard of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal, SamePerson

WAITS = timedelta(hours=72)
# Powers by which somebody opens seals, is let into what is confidential, or confirms grants.
REACHING = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE, Power.ADMINISTER})


class StillWaits(Refusal):
    """The post or the password is so new that it does not count for seals yet, nor for confirming
    what others do; `confirmers` where it is known who can confirm it before."""

    def __init__(self, until_at: datetime, confirmers: tuple[str, ...] | None = None) -> None:
        super().__init__(until_at, confirmers)
        self.until_at, self.confirmers = until_at, confirmers


class PassedOnLately(StillWaits):
    """An administrator ended a post or closed a unit, and so gave the case to others."""


class OwnGrant(SamePerson):
    """Nobody confirms what they granted themselves, or what was granted to them."""


class GranterWaits(Refusal):
    """The administrator who granted it holds a post or a password that waits itself."""

    def __init__(self, granter: str) -> None:
        super().__init__(granter)
        self.granter = granter


class OthersWait(Refusal):
    """What another administrator added to the same post waits still."""


class GivenPassword(Refusal):
    """The officer has not chosen another password yet, so the one who gave it knows it."""


class NothingWaits(Refusal):
    """It counts already, or was granted again since the page was shown."""


@dataclass(frozen=True)
class Grant:
    """When access was granted and by whom; without a time it is older than this rule."""

    granted_at: datetime | None = None
    granted_by: int | None = None
    confirmed_at: datetime | None = None

    @property
    def settles_at(self) -> datetime | None:
        """From when it counts without anybody's word; None where it counts already."""
        if self.granted_at is None or self.confirmed_at is not None:
            return None
        return self.granted_at + WAITS


def settles_at(*grants: Grant) -> datetime | None:
    """From when access that rests on all of these counts."""
    return latest(grant.settles_at for grant in grants)


def latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((each for each in times if each is not None), default=None)


def waits(settles_at: datetime | None, now: datetime) -> bool:
    return settles_at is not None and now < settles_at


def widened(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether a post reaches seals or people by a power that it did not have."""
    return bool(REACHING & {Power(each) for each in after} - {Power(each) for each in before})


def require_confirmable(
    grant: Grant, *, confirmer: int, holders: Collection[int], now: datetime
) -> None:
    """A second administrator: not who granted it, nor who has it."""
    if not waits(grant.settles_at, now):
        raise NothingWaits
    if confirmer == grant.granted_by or confirmer in holders:
        raise OwnGrant


def require_own_waits(grant: Grant, granter: int, now: datetime) -> None:
    """Nobody adds to what another added and nobody confirmed: that one could then confirm both."""
    if waits(grant.settles_at, now) and grant.granted_by != granter:
        raise OthersWait
