"""What the portal refuses. `wording.py` explains it."""

from datetime import date

from bihuan.core.refusal import Refusal


class SlotTaken(Refusal):
    """Somebody else has booked this slot, or its time has come."""


class ReceptionCancelled(Refusal):
    """The reception day does not take place."""


class AlreadyPlanned(Refusal):
    """The post receives people on this day already, at a time that overlaps."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on


class DayPast(Refusal):
    """A reception day is planned for a day to come."""


class FormExpired(Refusal):
    """The page was open for too long, or is not ours."""


class FormUsed(Refusal):
    """The form did its work already: what it booked was given back since."""
