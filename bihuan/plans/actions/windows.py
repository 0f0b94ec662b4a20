"""When the windows of a plan begin."""

from __future__ import annotations

from datetime import date, timedelta

from bihuan.calendars.queries import calendar
from bihuan.core.recurrence import Recurrence, Window
from bihuan.plans.models import Plan

AHEAD = timedelta(days=400)
# A plan without a known window is looked at again, for holidays that were loaded meanwhile.
AGAIN = timedelta(days=1)


def next_of(plan: Plan, on: date) -> date | None:
    """Return the day on which the next round of the plan is to be made."""
    if plan.end_date is not None and plan.end_date < on:
        return None
    made = plan.made_until_date
    windows = ahead(plan.recurrence, on, since=made + timedelta(days=1) if made else None)
    if windows:
        return max(on, windows[0].start_date)
    return on + AGAIN if not plan.rule else None


def ahead(recurrence: Recurrence, on: date, *, since: date | None = None) -> list[Window]:
    """Return the windows of the next months: all since the day of which rounds were made last, or
    for a new plan those that are not over.
    """
    first = since or on - timedelta(days=366)
    found = recurrence.windows(first, on + AHEAD, calendar())
    return [window for window in found if since or window.complete_date >= on]
