"""Four eyes over time: nobody checks what a unit did while they had a post in it (HAZ-8).

A post in the town does not make a second pair of eyes of somebody who held one in the village
that fixed, be it for a day. It counts what was held on any day from the assignment to the check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.core.refusal import Refusal


@dataclass(frozen=True)
class HeldPaths:
    """A post that somebody holds or held: the paths it counts for, and from when to when.

    The path of a closed unit counts, and so does that of the one which goes on with its work.
    """

    paths: tuple[str, ...]
    since_date: date
    until_date: date | None
    name: str = ""


@dataclass(frozen=True)
class Span:
    """From the day of the assignment to that of the check; without one, until now."""

    since_date: date
    until_date: date | None = None

    def first_day(self, held: HeldPaths) -> date | None:
        """The first day of the span on which the post was held; nothing where there is none."""
        first = max(self.since_date, held.since_date)
        ends = [day for day in (held.until_date, self.until_date) if day is not None]
        return None if any(day < first for day in ends) else first


class HeldPost(Refusal):
    """The checker held a post in the unit that did the work while it was under way."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(name, day)
        self.name, self.day = name, day


def require_apart(
    held: Iterable[HeldPaths], did: Collection[str], offices: Collection[str], span: Span
) -> None:
    """Refuse the check to an officer who held a post in one of these units, or below one.

    Of a government, one of the `offices`, the office itself is meant: not all that lies below it.
    """
    for each in held:
        day = span.first_day(each)
        if day is not None and any(_is_of(path, did, offices) for path in each.paths):
            raise HeldPost(each.name, day)


def _is_of(path: str, did: Collection[str], offices: Collection[str]) -> bool:
    return any(path == unit or (path.startswith(unit) and unit not in offices) for unit in did)
