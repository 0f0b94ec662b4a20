"""Who may postpone a deadline: never the officers it binds.

Those who do the fix may change the plan to an earlier date or another officer. More time is an
extension, requested and decided one level up; officers there may also set a later date directly.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from bihuan.core.acting import ActingPost, Person, nearest
from bihuan.core.lifecycle import SharedReach, Side, Situation, reaches
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal


class OwnDeadline(Refusal):
    """The deadline binds the unit that would postpone it; `deadline` is the current last day."""

    def __init__(self, deadline: date) -> None:
        super().__init__(deadline)
        self.deadline = deadline


def seat_over(case: Situation, person: Person, powers: Collection[Power]) -> ActingPost | None:
    """Return the nearest seat from which this person may decide about the deadline; None if there
    is none.

    The seat must be above every unit that the deadline has bound, and those who work on the fix
    have none.
    """
    ids = person.ids(case.span)
    if any(each.person in ids and each.side is Side.FIX for each in case.stands):
        return None
    over = [
        seat
        for seat in person.seats
        if seat.powers & frozenset(powers) and reaches(seat.path, SharedReach.DEADLINE, case)
    ]
    return nearest(over) if over else None


def is_later(old: date | datetime | None, new: date | datetime | None) -> bool:
    """Whether a deadline would end later than now, or be removed."""
    if old is None:
        return False
    return new is None or new > old
