"""Who may open a seal, and for how long: problems are tracked, people are not."""

from __future__ import annotations

from datetime import datetime, timedelta

from bihuan.core import grants, legible
from bihuan.core.lifecycle import Person
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson

OPENERS = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE})
# How long a stated reason lets the same officer look again.
LOOK_AGAIN = timedelta(minutes=15)
# How long a second person has to allow it, and then the first to look (accusations).
TWO_PEOPLE = timedelta(days=3)
# The same where a life is in danger (SCH-2, MED-8), and it cannot wait.
IN_DANGER = timedelta(days=1)
SHORTEST_REASON = 4


class Erased(Refusal):
    """The seal was erased, or never held anything."""


class ReasonTooShort(Refusal):
    """A reason that says nothing."""


class SecondPersonNeeded(Refusal):
    """The identity behind an accusation is opened by two people, never by one."""


class AskedByAnother(Refusal):
    """Each officer states a reason of their own."""


class OpeningOver(Refusal):
    """The time for which the reason was given is over."""


class Unreadable(Refusal):
    """None of the keys that this installation has opens the seal."""


def may_open(person: Person, owner: str) -> bool:
    """Only whoever works on the case in the very unit that answers for it."""
    return any(seat.path == owner and seat.powers & OPENERS for seat in person.seats)


def require_opener(person: Person, owner: str) -> None:
    if not may_open(person, owner):
        raise NotAllowed(Power.HANDLE)


def require_settled(person: Person, owner: str, now: datetime) -> None:
    """Nobody opens a seal by a post or a password that is new and that no second administrator
    has confirmed."""
    settles_at = _settles_at(person, owner)
    if settles_at is not None and grants.waits(settles_at, now):
        raise grants.StillWaits(settles_at)


def require_as_it_was(person: Person, owner: str, asked_at: datetime) -> None:
    """What a second person allowed was for the one who asked: not for a holder, or somebody with a
    password, who came since."""
    settles_at = _settles_at(person, owner)
    if settles_at is not None and settles_at > asked_at + grants.WAITS:
        raise grants.StillWaits(settles_at)


def _settles_at(person: Person, owner: str) -> datetime | None:
    """From when the first of the posts by which the person opens this seal counts."""
    opening = [s.settles_at for s in person.seats if s.path == owner and s.powers & OPENERS]
    waiting = [each for each in opening if each is not None]
    return min(waiting) if waiting and len(waiting) == len(opening) else None


def takes_two(*, is_confidential: bool, is_danger: bool) -> bool:
    """Whether a second person has to allow the opening."""
    return is_confidential or is_danger


def lasts(*, is_confidential: bool, is_danger: bool) -> timedelta:
    """How long an opening that was asked for may still be made."""
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


def require_second(asked_by: int, allowed_by: int) -> None:
    if asked_by == allowed_by:
        raise SamePerson


def erase_before(now: datetime, days: int) -> datetime:
    """Seals of cases that ended before this are erased."""
    return now - timedelta(days=days)
