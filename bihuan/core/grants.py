"""Granted access: no administrator alone decides who may unseal; a second one must confirm.

A grant is what one action of an administrator gave: a post to an officer, powers to a post, a
password to an account. For unsealing and confidential cases it takes effect once another
administrator has confirmed it, or after 72 hours, during which the holder and the leader are
notified.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal, SamePerson

WAITS = timedelta(hours=72)
# Powers that allow unsealing, access to confidential cases, or confirming grants.
REACHING = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE, Power.ADMINISTER})


class StillWaits(Refusal):
    """The post or the password is so new that it does not count for unsealing yet, nor for
    confirming the actions of others; `confirmers` if it is known who can confirm it earlier.
    """

    def __init__(self, until_at: datetime, confirmers: tuple[str, ...] | None = None) -> None:
        super().__init__(until_at, confirmers)
        self.until_at, self.confirmers = until_at, confirmers


class PassedOnLately(StillWaits):
    """An administrator ended a post or closed a unit, and so transferred the case to others."""


class OwnGrant(SamePerson):
    """An administrator cannot confirm a grant that they made or received."""


class GranterWaits(Refusal):
    """The administrator who granted it had a post or a password that was itself pending."""

    def __init__(self, granter: str) -> None:
        super().__init__(granter)
        self.granter = granter


class OthersWait(Refusal):
    """Powers that another administrator added to the same post are still pending."""


class GivenPassword(Refusal):
    """The officer has not changed the password yet, so the administrator who set it knows it."""


class NothingWaits(Refusal):
    """It is already in effect, or was granted again since the page was shown."""


@dataclass(frozen=True)
class Grant:
    """When access was granted and by whom; without a time it is older than this rule."""

    granted_at: datetime | None = None
    granted_by: int | None = None
    confirmed_at: datetime | None = None

    @property
    def settles_at(self) -> datetime | None:
        """Return when it takes effect without confirmation; None if it already has."""
        if self.granted_at is None or self.confirmed_at is not None:
            return None
        return self.granted_at + WAITS


def settles_at(*grants: Grant) -> datetime | None:
    """Return when access that depends on all of these takes effect."""
    return latest(grant.settles_at for grant in grants)


def latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((each for each in times if each is not None), default=None)


def waits(settles_at: datetime | None, now: datetime) -> bool:
    return settles_at is not None and now < settles_at


def widened(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether a post can unseal or administer by a power that it did not have before."""
    return bool(REACHING & {Power(each) for each in after} - {Power(each) for each in before})


def require_confirmable(
    grant: Grant, *, confirmer: Collection[int], holders: Collection[int], now: datetime
) -> None:
    """Require a second administrator: neither the granter nor the recipient; `confirmer` also names
    everyone who counts as the same person.
    """
    if not waits(grant.settles_at, now):
        raise NothingWaits
    if grant.granted_by in confirmer or not frozenset(holders).isdisjoint(confirmer):
        raise OwnGrant


def require_own_waits(grant: Grant, granter: int, now: datetime) -> None:
    """Refuse to add to another administrator's pending grant, who could then confirm both."""
    if waits(grant.settles_at, now) and grant.granted_by != granter:
        raise OthersWait
