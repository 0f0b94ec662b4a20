"""Four eyes over time: an officer may not verify the work of a unit where they held a post
meanwhile (HAZ-8).

A post in the town does not make an officer independent if they also held one, even for a day, in
the village that did the fix. Every post held between the assignment and the verification counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.core.refusal import Refusal


@dataclass(frozen=True)
class HeldPaths:
    """A post that an officer holds or held: the unit paths it counts for, and its first and last
    day.

    For a closed unit, both its own path and that of its successor count.
    """

    paths: tuple[str, ...]
    since_date: date
    until_date: date | None
    name: str = ""


@dataclass(frozen=True)
class Span:
    """From the day of the assignment to that of the verification; if open, until now."""

    since_date: date
    until_date: date | None = None

    def first_day(self, held: HeldPaths) -> date | None:
        """Return the first day of the span on which the post was held; None if there is none."""
        return self._first(held.since_date, held.until_date)

    def meets(self, since_date: date, until_date: date | None) -> bool:
        """Whether some day of that period is in the span."""
        return self._first(since_date, until_date) is not None

    def _first(self, since_date: date, until_date: date | None) -> date | None:
        first = max(self.since_date, since_date)
        ends = [day for day in (until_date, self.until_date) if day is not None]
        return None if any(day < first for day in ends) else first


class HeldPost(Refusal):
    """The verifier held a post in the unit that did the work while it was in progress."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(name, day)
        self.name, self.day = name, day


def require_apart(
    held: Iterable[HeldPaths], did: Collection[str], offices: Collection[str], span: Span
) -> None:
    """Refuse the verification to an officer who held a post in one of these units, or below one.

    Units in `offices` are governments: only the office itself counts, not everything below it.
    """
    for each in held:
        day = span.first_day(each)
        if day is not None and any(is_of(path, did, offices) for path in each.paths):
            raise HeldPost(each.name, day)


def is_of(path: str, did: Collection[str], offices: Collection[str]) -> bool:
    """Whether the unit with this path is one of these, or below one that is no government."""
    return any(path == unit or (path.startswith(unit) and unit not in offices) for unit in did)
