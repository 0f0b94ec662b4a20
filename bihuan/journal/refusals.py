"""Refusals by the journal; `wording.py` explains them."""

from datetime import date

from bihuan.core.refusal import Refusal


class DayNotBegun(Refusal):
    """A day in the future has no root."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class DayPassedOver(Refusal):
    """Nothing was recorded on that day before a later one was sealed, so it has no root."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day
