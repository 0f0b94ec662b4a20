"""What counters are worked out from: each part registers its sources when its app is ready.

A source counts subjects, which it knows by their names in the journal. `figures` keeps what each
of them has been counted as, so a source only says what a subject counts as now.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto
from typing import NamedTuple

from django.db.models import Model


class Span(Enum):
    """How long each period of a counter is."""

    DAY = auto()
    MONTH = auto()

    def start(self, on: date) -> date:
        """The first day of the period that this day is in."""
        return on.replace(day=1) if self is Span.MONTH else on

    def later(self, period: date, count: int = 1) -> date:
        """The period so many later, or earlier."""
        if self is Span.DAY:
            return period + timedelta(days=count)
        years, index = divmod(period.year * 12 + period.month - 1 + count, 12)
        return date(years, index + 1, 1)

    def all(self, first: date, last: date) -> Iterator[date]:
        """The periods from the one to the other day, both included."""
        period = self.start(first)
        while period <= last:
            yield period
            period = self.later(period)


class Key(NamedTuple):
    """Which counter, of which unit or of the whole place, for which period."""

    unit: int | None
    period: date
    # "counter", or "counter/step" where it is a distribution.
    number: str


@dataclass(frozen=True)
class Counted:
    """What a subject counts as: for which unit, or for the whole place, and how much."""

    unit: int | None = None
    # By counter, or by "counter/step" for one that is a distribution.
    numbers: Mapping[str, int] = field(default_factory=dict)

    def by_key(self, period: date) -> dict[Key, int]:
        # The step of a plain counter is 0, too.
        return {
            Key(self.unit, period, number.removesuffix("/0")): value
            for number, value in self.numbers.items()
        }


class Source(ABC):
    """Counts the subjects of one kind. No counter is ever by person."""

    # As the names of its subjects begin, without the stroke.
    prefix: str
    # The names of its counters, which no other source has.
    counters: frozenset[str]
    span: Span = Span.MONTH
    # After so many periods nothing that happens to a subject changes what it counts as.
    open_for: int = 0

    @abstractmethod
    def first_period(self) -> date | None:
        """The first one in which there is something to count."""

    @abstractmethod
    def periods_of(self, subjects: Collection[str]) -> Mapping[str, date]:
        """Those of the subjects that are counted, each with its period."""

    @abstractmethod
    def count(self, period: date, subjects: Collection[str] | None = None) -> Mapping[str, Counted]:
        """What each subject of the period counts as now: these, or all of them."""

    def count_new(self, rows: Sequence[Model]) -> Mapping[str, tuple[date, Counted]]:
        """What new subjects will count as once these records are inserted.

        For those written by one statement together with their contributions.
        """
        return {}


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Keep the counters of this source. For `AppConfig.ready`."""
    for other, registered in _sources.items():
        if other != name and registered.counters & source.counters:
            raise ValueError(f"{name} and {other} share a counter")
    _sources[name] = source


def every() -> Mapping[str, Source]:
    return _sources


def of_subjects(subjects: Collection[str]) -> Iterator[tuple[str, Source, list[str]]]:
    """Each source that may count some of these subjects, with those."""
    for name, source in _sources.items():
        own = sorted(each for each in set(subjects) if each.startswith(f"{source.prefix}/"))
        if own:
            yield name, source, own
