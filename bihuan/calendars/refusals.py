"""Refusals by the calendars."""

from bihuan.core.refusal import Refusal


class NoCalendar(Refusal):
    """No holidays are known for that jurisdiction or any above it."""

    def __init__(self, jurisdiction: str) -> None:
        super().__init__(jurisdiction)
        self.jurisdiction = jurisdiction
