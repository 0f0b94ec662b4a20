"""What the journal refuses; `wording.py` explains it."""

from datetime import date

from bihuan.core.refusal import Refusal


class DayNotBegun(Refusal):
    """A day that is still to come has no root."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class DayPassedOver(Refusal):
    """Nothing had been recorded on that day when a later one was sealed: it has no root."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day
