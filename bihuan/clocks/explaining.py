"""The derivation of the end of a clock."""

from __future__ import annotations

from bihuan.calendars.queries import outlook
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import explain
from bihuan.core.explain import Explanation


def explained(clock: Clock) -> Explanation:
    """Return the arithmetic, day by day, with known holidays and those still to be published."""
    ticking = running.of(clock)
    days = outlook(ticking.rule.jurisdiction)
    return explain.explain(ticking, days.short, days.long)
