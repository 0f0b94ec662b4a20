"""Reminders from November on to load the next year's holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localdate

from bihuan.calendars.queries import outlook

# The State Council publishes the next year's holidays in November or December.
FIRST_MONTH = 11


def missing_years(*, now: datetime) -> Iterator[tuple[str, int]]:
    """Return each year of the jurisdictions in use that should be loaded by now and is not."""
    needed = _needed(localdate(now, ZoneInfo(settings.TIME_ZONE)))
    known = outlook(settings.PROCEDURE)
    for year in range(known.next_year, needed + 1):
        yield known.loaded.jurisdiction, year


def _needed(today: date) -> int:
    return today.year + (today.month >= FIRST_MONTH)


def reminders(*, now: datetime) -> Iterator[str]:
    """Return the same for `/readyz`, which is read by programs and is in English."""
    for jurisdiction, year in missing_years(now=now):
        yield f"calendar: {jurisdiction} {year} is not loaded (bihuan load-calendar)"
