"""Whose deadline it is: nobody moves a day later that binds them.

Who fixes may plan the work again, sooner or by another hand. More time is an extension, which is
asked for and decided one level up; whoever stands there may also give a later day directly.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from bihuan.core.lifecycle import ActingPost, Person, SharedReach, Side, Situation, reaches
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal


class OwnDeadline(Refusal):
    """The deadline binds the unit that would move it later; `deadline` is the last day now."""

    def __init__(self, deadline: date) -> None:
        super().__init__(deadline)
        self.deadline = deadline


def seat_over(case: Situation, person: Person, powers: Collection[Power]) -> ActingPost | None:
    """The nearest seat from which this person decides about the deadline, if there is one.

    It stands above every unit that the deadline has bound, and whoever works on the fix has none.
    """
    if any(each.person == person.id and each.side is Side.FIX for each in case.stands):
        return None
    over = [
        seat
        for seat in person.seats
        if seat.powers & frozenset(powers) and reaches(seat.path, SharedReach.DEADLINE, case)
    ]
    return max(over, key=lambda seat: len(seat.path), default=None)


def is_later(old: date | datetime | None, new: date | datetime | None) -> bool:
    """Whether a deadline would end later than it does now, or not at all any more."""
    if old is None:
        return False
    return new is None or new > old
