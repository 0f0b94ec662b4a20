"""The one instant at which the tests happen: no test reads a real clock.

Acts are told `NOW`, of which tests know the day, the hour and the calendar. Pages, commands and
the worker read a clock, which stands at `PRESENT`. Both are the same instant of an ordinary day,
unless `TESTS_PRESENT` names another `PRESENT`, as `tools.suite` does to see that nothing
depends on the day or the hour.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django.core import signing
from django.utils import timezone

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in Shanghai
TODAY = date(2026, 9, 15)
PRESENT = datetime.fromisoformat(os.environ.get("TESTS_PRESENT") or NOW.isoformat())


class StoppedClock:
    """What the pages read instead of the clock of the machine."""

    def __init__(self) -> None:
        self.at = PRESENT

    def read(self) -> datetime:
        """The instant as a page would be told it."""
        return self.at

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


def seconds_ahead() -> float:
    """By how much a process must be ahead of the clock of the machine to begin at `PRESENT`."""
    return (PRESENT - datetime.now(UTC)).total_seconds()  # noqa: TID251 - to leave it behind


def freeze() -> StoppedClock:
    """Stop the clock of this process, for pages and for what is signed."""
    clock = StoppedClock()
    timezone.now = clock.read  # noqa: TID251 - the only place that touches it
    signing.time = SimpleNamespace(time=lambda: clock.at.timestamp())  # type: ignore[attr-defined]
    return clock
