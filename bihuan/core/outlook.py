"""What a deadline is worked out with: the years that are loaded, and two readings of what follows.

Nobody knows the breaks of a year before its notice. The one reading has only the festivals of the
law off, the other the longest breaks of the last notices: see decision 13.
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
    """The loaded calendar, and the same with the years after it as short and as long as may be."""

    loaded: WorkCalendar
    short: WorkCalendar
    long: WorkCalendar

    def of(self, rule: Rule) -> WorkCalendar:
        """What binds: an office goes by the earlier end, a person's right lasts to the later."""
        return self.short if rule.owed_by is Party.STAFF else self.long

    @property
    def version(self) -> str:
        """The same as long as no deadline can come out differently."""
        return self.short.version

    @property
    def next_year(self) -> int:
        """The first year after those that are loaded."""
        return max(self.loaded.years) + 1


def continued(
    jurisdiction: str, years: Iterable[PublishedYear], festivals: Festivals | None = None
) -> Outlook:
    """The calendar of these years, continued as far as the festivals are known and is sensible."""
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
