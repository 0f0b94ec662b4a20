"""Who may unseal an identity, and for how long: problems are tracked, people are not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bihuan.core import grants, legible
from bihuan.core.acting import ActingPost, Person
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson

OPENERS = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE})
# How long a stated reason lets the same officer view the identity again.
LOOK_AGAIN = timedelta(minutes=15)
# How long a second officer may approve, and then the first may view it (accusations).
TWO_PEOPLE = timedelta(days=3)
# The same in case of danger to life (SCH-2, MED-8), when it cannot wait.
IN_DANGER = timedelta(days=1)
SHORTEST_REASON = 4


class Erased(Refusal):
    """The seal was erased, or never had content."""


class ReasonTooShort(Refusal):
    """The reason is too short."""


class SecondPersonNeeded(Refusal):
    """The identity behind an accusation requires two officers."""


class AskedByAnother(Refusal):
    """Each officer must state their own reason."""


class OpeningOver(Refusal):
    """The time allowed by the reason has expired."""


class Unreadable(Refusal):
    """None of this installation's keys decrypts the seal."""


def may_open(person: Person, owner: str) -> bool:
    """Allow only officers who work on the case in exactly the responsible unit."""
    return bool(_opening(person, owner))


def require_opener(person: Person, owner: str) -> None:
    if not may_open(person, owner):
        raise NotAllowed(Power.HANDLE)


def require_settled(person: Person, owner: str, now: datetime) -> None:
    """Refuse a post or password that is new and not confirmed by a second administrator."""
    settles_at = _settles_at(person, owner)
    if settles_at is not None and grants.waits(settles_at, now):
        raise grants.StillWaits(settles_at)


def require_as_it_was(person: Person, owner: str, asked_at: datetime) -> None:
    """Require that the approval still applies to the requester: not to a new holder of the
    post, or after the password was reset.
    """
    settles_at = _settles_at(person, owner)
    if settles_at is not None and settles_at > asked_at + grants.WAITS:
        raise grants.StillWaits(settles_at)


def _settles_at(person: Person, owner: str) -> datetime | None:
    """Return when the first of the person's posts that allow unsealing takes effect."""
    opening = [seat.settles_at for seat in _opening(person, owner)]
    waiting = [each for each in opening if each is not None]
    return min(waiting) if waiting and len(waiting) == len(opening) else None


def _opening(person: Person, owner: str) -> list[ActingPost]:
    """Return the person's posts that allow unsealing; never that of a holder whom the person
    represents.
    """
    own = (seat for seat in person.seats if not seat.stands_in_for)
    return [seat for seat in own if seat.path == owner and seat.powers & OPENERS]


def takes_two(*, is_confidential: bool, is_danger: bool) -> bool:
    """Whether a second officer must approve."""
    return is_confidential or is_danger


def lasts(*, is_confidential: bool, is_danger: bool) -> timedelta:
    """Return how long a request remains usable."""
    if is_danger:
        return IN_DANGER
    return TWO_PEOPLE if is_confidential else LOOK_AGAIN


def require_reason(reason: str) -> str:
    if len(legible.clean(reason)) < SHORTEST_REASON:
        raise ReasonTooShort
    return legible.clean(reason)


def require_lasting(until_at: datetime, now: datetime) -> None:
    if now >= until_at:
        raise OpeningOver


def require_asker(asked_by: int, looks: int) -> None:
    if asked_by != looks:
        raise AskedByAnother


def require_second(asked_by: int, allowed_by: Collection[int]) -> None:
    """Refuse the officer who asked, and those who count as the same person."""
    if asked_by in allowed_by:
        raise SamePerson


def erase_before(now: datetime, days: int) -> datetime:
    """Return the time before which cases must have ended for their seals to be erased."""
    return now - timedelta(days=days)
