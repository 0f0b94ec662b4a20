"""How the end of a clock came about."""

from __future__ import annotations

from bihuan.calendars.queries import outlook
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import explain
from bihuan.core.explain import Explanation


def explained(clock: Clock) -> Explanation:
    """The arithmetic, day by day, with the holidays that are known and those still to come."""
    ticking = running.of(clock)
    days = outlook(ticking.rule.jurisdiction)
    return explain.explain(ticking, days.short, days.long)
