"""The numbers of notices, orders and acceptances: one series a year for each kind of paper."""

from __future__ import annotations

from datetime import datetime

from bihuan.cases.models import Numbering
from bihuan.clocks.actions import running
from bihuan.journal.actions import reserve_numbers

LISTING, STOP_WORK, RECTIFY = "GP", "TG", "ZG"
ACCEPTANCE = "YS"


def next_number(series: str, now: datetime) -> str:
    """Return the next number of this year's series, "GP-2026-0001"."""
    name = f"{series}-{running.local_date(now).year}"
    return f"{name}-{reserve_numbers(Numbering, name, 1):04d}"
