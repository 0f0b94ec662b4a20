"""Undo: an officer takes a decision made by mistake back, within ten minutes, if nothing followed.

Which moves can be undone is stated in the lifecycle of each kind (`Transition.undoable`): none that
signs, serves, publishes, unseals or pays, and nothing of which people were informed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.core.acting import Person
from bihuan.core.lifecycle import Transition
from bihuan.core.refusal import NotAllowed, Refusal

WITHIN = timedelta(minutes=10)


class UndoTooLate(Refusal):
    """The ten minutes have passed, or the act can never be undone."""


class AlreadyUndone(Refusal):
    """It was undone before, for example in another window."""


class ActedSince(Refusal):
    """Another act on the case followed it, so undoing it would undo their act as well."""


@dataclass(frozen=True)
class MadeAct:
    """An act that may be undone: its number in the journal of the case, by whom, until when."""

    seq: int
    member: int
    until_at: datetime
    is_undone: bool


def require(
    made: MadeAct, row: Transition, person: Person, now: datetime, *, is_followed: bool
) -> None:
    """Refuse to undo it unless this person may do so now.

    It `is_followed` if a person acted on the case later, and that act was not undone itself.
    """
    if made.member != person.id or not any(seat.powers & row.powers for seat in person.seats):
        raise NotAllowed
    if made.is_undone:
        raise AlreadyUndone
    if not row.undoable or now > made.until_at:
        raise UndoTooLate
    if is_followed:
        raise ActedSince
