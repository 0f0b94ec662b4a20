"""The calendars for calculating deadlines: the loaded years, and two outlooks for the years that
follow.

The breaks of a year are unknown before its notice. One outlook has only the statutory festivals
off, the other the longest breaks of the recent notices: see decision 13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bihuan.core.festivals import Festivals
from bihuan.core.holidays import PublishedYear, assemble
from bihuan.core.rules import Party, Rule
from bihuan.core.workdays import WorkCalendar

YEARS_AHEAD = 5
NOTICES = 5


@dataclass(frozen=True, eq=False)
class Outlook:
    """The loaded calendar, continued with the years after it as short and as long as possible."""

    loaded: WorkCalendar
    short: WorkCalendar
    long: WorkCalendar

    def of(self, rule: Rule) -> WorkCalendar:
        """Return the binding calendar: the earlier end binds an office, a citizen's right lasts
        to the later.
        """
        return self.short if rule.owed_by is Party.STAFF else self.long

    @property
    def version(self) -> str:
        """Return a version that is equal as long as no deadline can differ."""
        return self.short.version

    @property
    def next_year(self) -> int:
        """Return the first year after those that are loaded."""
        return max(self.loaded.years) + 1


def continued(
    jurisdiction: str, years: Iterable[PublishedYear], festivals: Festivals | None = None
) -> Outlook:
    """Return the calendar of these years, continued as far as the festivals are known, within
    limits.
    """
    ordered = sorted(years, key=lambda published: published.year)
    loaded = assemble(jurisdiction, ordered)
    if festivals is None:
        return Outlook(loaded, loaded, loaded)
    last = ordered[-1].year
    ahead = range(last + 1, last + 1 + YEARS_AHEAD)
    notices = ordered[-NOTICES:]
    short = _ahead(festivals.shortest, ahead)
    long = _ahead(lambda year: festivals.longest(year, notices), ahead)
    if not short:
        return Outlook(loaded, loaded, loaded)
    open_from = min(day.date for day in long[0].days)
    both = [assemble(jurisdiction, [*ordered, *more]) for more in (short, long)]
    version = assemble(jurisdiction, [*ordered, *short, *long]).version
    return Outlook(loaded, *(replace(each, version=version, open_from=open_from) for each in both))


def _ahead(
    reading: Callable[[int], PublishedYear | None], years: Iterable[int]
) -> list[PublishedYear]:
    return [year for each in years if (year := reading(each)) is not None]
