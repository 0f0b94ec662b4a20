"""How often a bound site is visited, when the next visit is due, and how much work that is.

编成组、绑定户、核定量、频重访: sites are bound to posts, the number of sites of a post has a norm,
and sites with a higher risk are visited more often. What a place has decided about it is data
(`bihuan/visits/data/visiting.toml`); what follows from it is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from bihuan.core.refusal import Refusal

# The lengths that a frequency can have: from every day to once in a year.
LEAST_DAYS, MOST_DAYS = 1, 366
DAYS_OF_A_MONTH = 30
# How long after its day a visit may be recorded: a phone without a connection, a weekend.
RECORDED_WITHIN = timedelta(days=7)
# How long before its last day a visit is on the list of what is due.
AHEAD = timedelta(days=3)


class Risk(StrEnum):
    """The four grades of risk of a site, highest first."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class Outcome(StrEnum):
    """What an officer saw at the site."""

    IN_ORDER = "in_order"
    FOUND = "found"


class State(StrEnum):
    """How urgent the next visit is."""

    OVERDUE = "overdue"
    DUE = "due"
    LATER = "later"


class NotADayOfVisit(Refusal):
    """A visit is recorded on its day or later, and not before the site was bound."""


class TooLongAgo(Refusal):
    """A visit is recorded within a week: later it could be anything."""


class SeldomerThanDecided(Refusal):
    """A site is visited at least as often as was decided for its kind and risk; `days` says how."""

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days = days


class TooOftenOrSeldom(Refusal):
    """The frequency is outside one day to one year."""


@dataclass(frozen=True)
class Frequencies:
    """How often sites are visited, by kind and by risk; the shorter of the two counts."""

    by_risk: Mapping[Risk, int]
    by_kind: Mapping[str, int]
    otherwise: int

    def days(self, kind: str, risk: Risk | None = None) -> int:
        """Return after how many days a site of this kind and risk is visited again."""
        of_kind = self.by_kind.get(kind, self.otherwise)
        return of_kind if risk is None else min(of_kind, self.by_risk[risk])


@dataclass(frozen=True)
class Norm:
    """How many sites and how many visits in thirty days one post can take."""

    sites: int
    visits: int


@dataclass(frozen=True)
class Load:
    """How many sites are bound to a post, and how many visits they need in thirty days."""

    sites: int = 0
    visits: int = 0

    def is_over(self, norm: Norm) -> bool:
        """Whether it is more than one post can take."""
        return self.sites > norm.sites or self.visits > norm.visits


def load(sites_by_days: Iterable[tuple[int, int]]) -> Load:
    """Return the load of a post from pairs: every how many days, and how many sites."""
    pairs = list(sites_by_days)
    visits = sum((Fraction(DAYS_OF_A_MONTH * n, days) for days, n in pairs), Fraction())
    return Load(sum(n for _days, n in pairs), ceil(visits))


def require_frequency(every_days: int) -> None:
    """Refuse a frequency that no calendar can keep."""
    if not LEAST_DAYS <= every_days <= MOST_DAYS:
        raise TooOftenOrSeldom


def require_often_enough(every_days: int, decided: int) -> None:
    """Refuse a frequency below what was decided; a higher one is free."""
    if every_days > decided:
        raise SeldomerThanDecided(decided)


def owed(due: date, earlier: date | None, on: date, *, is_same_post: bool) -> date:
    """Return the last day of the next visit under a new binding.

    What was overdue stays overdue for the same post, and is due today for another one, however the
    site is bound again.
    """
    if earlier is not None and earlier < on:
        due = min(due, earlier)
    return due if is_same_post else max(due, on)


def next_date(last: date, every_days: int) -> date:
    """Return the last day of the next visit, from the last visit or the day of the binding."""
    return last + timedelta(days=every_days)


def state(due: date, on: date) -> State:
    """Return how urgent a visit with this last day is on a given day."""
    if due < on:
        return State.OVERDUE
    return State.DUE if due <= on + AHEAD else State.LATER


def require_day(visited: date, *, bound: date, on: date) -> None:
    """Refuse a visit still to come, before the site was bound, or too long ago."""
    if not bound <= visited <= on:
        raise NotADayOfVisit
    if visited < on - RECORDED_WITHIN:
        raise TooLongAgo
