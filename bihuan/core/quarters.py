"""Quarters of a year: which day is in which, and when its report is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Quarter:
    """One of the four quarters of a year."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 1 <= self.year <= 9998):
            raise ValueError(f"{self.year} has no quarter {self.number}")

    @property
    def first_date(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_date(self) -> date:
        return self.after.first_date - timedelta(days=1)

    @property
    def after(self) -> Quarter:
        year, number = divmod(self.year * 4 + self.number, 4)
        return Quarter(year, number + 1)

    @property
    def before(self) -> Quarter:
        day = self.first_date - timedelta(days=1)
        return of(day)


def of(day: date) -> Quarter:
    """Return the quarter of this day."""
    return Quarter(day.year, (day.month + 2) // 3)
