"""Refusals of the portal. `wording.py` explains them."""

from datetime import date

from bihuan.core.refusal import Refusal


class SlotTaken(Refusal):
    """The slot was booked by another visitor, or its time has come."""


class ReceptionCancelled(Refusal):
    """The reception day is cancelled."""


class AlreadyPlanned(Refusal):
    """The post already has reception hours on this day that overlap."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on


class DayPast(Refusal):
    """A reception day must be in the future."""


class FormExpired(Refusal):
    """The page was open for too long, or is not ours."""


class NameTaken(Refusal):
    """A name of a place that is one of another place, which people would look for in vain."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(name, place)
        self.name, self.place = name, place


class FormUsed(Refusal):
    """The form was already used: its booking was cancelled since."""
