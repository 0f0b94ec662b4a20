"""The sources of counters: each part registers its own in `AppConfig.ready`.

A source counts subjects, identified by their names in the journal. `figures` stores what each of
them has been counted as, so a source only returns what a subject counts as now.
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
    """The length of a counter's periods."""

    DAY = auto()
    MONTH = auto()

    def start(self, on: date) -> date:
        """Return the first day of the period that contains this day."""
        return on.replace(day=1) if self is Span.MONTH else on

    def later(self, period: date, count: int = 1) -> date:
        """Return the period that is this number of periods later, or earlier."""
        if self is Span.DAY:
            return period + timedelta(days=count)
        years, index = divmod(period.year * 12 + period.month - 1 + count, 12)
        return date(years, index + 1, 1)

    def all(self, first: date, last: date) -> Iterator[date]:
        """Return the periods from the first to the last day, both included."""
        period = self.start(first)
        while period <= last:
            yield period
            period = self.later(period)


class Key(NamedTuple):
    """A counter, of a unit or of the whole place, for a period."""

    unit: int | None
    period: date
    # "counter", or "counter/step" for a distribution.
    number: str


@dataclass(frozen=True)
class Counted:
    """What a subject counts as: the unit (None for the whole place), and the amounts."""

    unit: int | None = None
    # By counter, or by "counter/step" for a distribution.
    numbers: Mapping[str, int] = field(default_factory=dict)

    def by_key(self, period: date) -> dict[Key, int]:
        # The step of a plain counter is also 0.
        return {
            Key(self.unit, period, number.removesuffix("/0")): value
            for number, value in self.numbers.items()
        }


class Source(ABC):
    """Counts subjects of one type. No counter is ever by person."""

    # The prefix of its subjects' names, without the slash.
    prefix: str
    # The names of its counters, unique among all sources.
    counters: frozenset[str]
    span: Span = Span.MONTH
    # After this number of periods, events no longer change what a subject counts as.
    open_for: int = 0

    @abstractmethod
    def first_period(self) -> date | None:
        """Return the first period in which there is something to count."""

    @abstractmethod
    def periods_of(self, subjects: Collection[str]) -> Mapping[str, date]:
        """Return those of the subjects that are counted, each with its period."""

    @abstractmethod
    def count(self, period: date, subjects: Collection[str] | None = None) -> Mapping[str, Counted]:
        """Return what each subject of the period counts as now: these subjects, or all."""

    def count_new(self, rows: Sequence[Model]) -> Mapping[str, tuple[date, Counted]]:
        """Return what new subjects will count as once these records are inserted.

        For subjects that one statement writes together with their contributions.
        """
        return {}


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Register the counters of this source. For `AppConfig.ready`."""
    for other, registered in _sources.items():
        if other != name and registered.counters & source.counters:
            raise ValueError(f"{name} and {other} share a counter")
    _sources[name] = source


def every() -> Mapping[str, Source]:
    return _sources


def of_subjects(subjects: Collection[str]) -> Iterator[tuple[str, Source, list[str]]]:
    """Return each source that may count some of these subjects, with those subjects."""
    for name, source in _sources.items():
        own = sorted(each for each in set(subjects) if each.startswith(f"{source.prefix}/"))
        if own:
            yield name, source, own
