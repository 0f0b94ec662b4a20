"""What an officer may do, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from bihuan.cases import kind_wording, kinds
from bihuan.cases.kinds import Words
from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.orgs import access, naming
from bihuan.orgs.access import Seat
from bihuan.orgs.models import User
from bihuan.orgs.wording import POWERS


@dataclass(frozen=True)
class SeatColumn:
    """A post of the officer: where, for whom, and when it takes effect for unsealing."""

    seat: Seat
    settles_at: datetime | None

    @property
    def unit(self) -> str:
        return naming.name_of(self.seat.unit)

    @property
    def title(self) -> str:
        return naming.title_of(self.seat.post)

    @property
    def holder(self) -> str:
        return self.seat.stands_in_for.name if self.seat.stands_in_for else ""


def seats(member: User, now: datetime) -> list[SeatColumn]:
    return [
        SeatColumn(seat, seat.settles_at if grants.waits(seat.settles_at, now) else None)
        for seat in access.seats(member, localdate(now))
    ]


def lines(member: User, on: date) -> list[tuple[Words, list[tuple[str, bool]]]]:
    """Return each power, and whether each of the posts, by its name, gives it."""
    held = access.seats(member, on)
    return [
        (label, [(naming.seat_of(seat.post), power in seat.powers) for seat in held])
        for power, label in POWERS.items()
    ]


@dataclass(frozen=True)
class KindActs:
    """The acts on cases of one kind that the officer's posts allow, each with its units."""

    name: Words
    acts: list[tuple[Words, list[str]]]


def acts(member: User, on: date) -> list[KindActs]:
    """Return what the rules allow the officer, by kind; each case may still forbid it."""
    held = access.seats(member, on)
    found = []
    for kind in kinds.every():
        allowed = [
            (kind_wording.act_words(kind, row.move), places)
            for row in kind.lifecycle.transitions
            if not row.public and (places := _places(held, row.powers))
        ]
        if allowed:
            found.append(KindActs(kind.wording.label, allowed))
    return found


def _places(held: tuple[Seat, ...], powers: frozenset[Power]) -> list[str]:
    named = (naming.name_of(seat.unit) for seat in held if seat.powers & powers)
    return list(dict.fromkeys(named))
