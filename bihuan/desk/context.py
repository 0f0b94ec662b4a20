"""The context of Today's queries as plain values.

The form of a query depends on how many posts an officer has and on their powers; everything else is
a parameter. So each is compiled once for all officers with similar posts, and never again the next
day (docs/decisions/0023-prepared-questions.md).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, TypeVar

from django.db.models import Case as Either
from django.db.models import Model, Q, QuerySet, Value, When
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.models import Visibility
from bihuan.cases.queries import prepared
from bihuan.cases.queries.prepared import Value as Given
from bihuan.core.powers import HOUSEKEEPING, Power
from bihuan.orgs import access
from bihuan.orgs.access import Seat
from bihuan.orgs.models import User, steps_of

M = TypeVar("M", bound=Model)
R = TypeVar("R")

# A deadline within this number of days counts as soon, on Today and in the ledger.
SOON_DAYS = 7
# The neutral element for conditions joined by "or": matches nothing.
NOTHING = Q(pk__in=())


@dataclass(frozen=True)
class PostScope:
    """A post of the officer: its powers, its unit's path, and all paths above it."""

    powers: frozenset[Power]
    post: int
    path: str
    steps: tuple[int, ...]

    @property
    def unit(self) -> int:
        return self.steps[-1]


@dataclass(frozen=True)
class HeldPostScope:
    """A post that the officer holds or held: since when, until when if it was left, and where."""

    since: date
    until_at: datetime | None
    steps: tuple[int, ...]

    @property
    def unit(self) -> int:
        return self.steps[-1]

    @property
    def values(self) -> tuple[Given, ...]:
        return (self.since, *(() if self.until_at is None else (self.until_at,)), *self.steps)

    def of(self, given: Iterator[Any]) -> HeldPostScope:
        """Return a context of the same form with the next values."""
        until_at = None
        since = next(given)
        if self.until_at is not None:
            until_at = next(given)
        return HeldPostScope(since, until_at, tuple(islice(given, len(self.steps))))


@dataclass(frozen=True)
class AgendaContext:
    """The officer, their posts, and the time."""

    member: int
    now: datetime
    today: date
    # A week from now: the day, and its end.
    soon: date
    soon_end: datetime
    scopes: tuple[PostScope, ...]
    # The units of the posts and every unit above them.
    over: tuple[int, ...]
    # The posts that give the officer access to confidential cases.
    confided: tuple[int, ...] = ()
    # The units of each former post with those above them, and when it was left.
    before: tuple[tuple[datetime, tuple[int, ...]], ...] = ()
    # Every current and former post. The officer may not verify work that was done there at the
    # time.
    held: tuple[HeldPostScope, ...] = ()
    # Those whom the officer represents.
    represented: tuple[int, ...] = ()
    # Further subjects of the query, such as cases that were found before.
    keys: tuple[Any, ...] = ()

    @classmethod
    def by(cls, user: User, now: datetime) -> AgendaContext:
        today = localdate(now)
        soon = today + timedelta(days=SOON_DAYS)
        scopes = tuple(_scope(seat) for seat in access.seats(user, today))
        return cls(
            member=user.pk,
            now=now,
            today=today,
            soon=soon,
            soon_end=queries.day_after(soon),
            scopes=scopes,
            over=tuple({step: None for scope in scopes for step in scope.steps}),
            confided=tuple(seat.post.pk for seat in access.settled_seats(user, now)),
            before=tuple(
                (until_at, tuple(sorted(units))) for units, until_at in queries.before(user, now)
            ),
            held=tuple(
                HeldPostScope(
                    each.since_date,
                    None if each.until_date is None else queries.day_after(each.until_date),
                    steps_of(path),
                )
                for each in queries.person(user, now).held
                for path in each.paths
            ),
            represented=queries.persons(user, now)[1:],
        )

    @property
    def members(self) -> tuple[int, ...]:
        """The officer, and those whom the officer represents."""
        return (self.member, *self.represented)

    @property
    def posts(self) -> list[int]:
        return [scope.post for scope in self.scopes]

    def with_powers(self, *powers: Power) -> list[PostScope]:
        return [scope for scope in self.scopes if scope.powers & set(powers)]

    def about(self, keys: Sequence[Any]) -> AgendaContext:
        """Return the context for these subjects."""
        return replace(self, keys=prepared.padded(keys))

    def open_to(self, case: str = "") -> Q:
        """Condition for cases that the officer may know of; `case` is the path to them from
        related rows.
        """
        over, posts = frozenset(self.over), frozenset(self.confided)
        before = tuple((frozenset(units), until_at) for until_at, units in self.before)
        works = any(scope.powers - HOUSEKEEPING for scope in self.scopes)
        sight = Visibility(self.members, None, over=over, posts=posts, before=before, works=works)
        return sight.not_shut(case)

    def rows(self, question: Callable[[AgendaContext], QuerySet[M, R]]) -> list[R]:
        """Return `list(question(self))`; it must not compute anything from the values."""

        def make(*values: Given) -> QuerySet[M, R]:
            return question(self._with(values))

        return prepared.AGENDAS.rows((question, self._shape), make, *self._values)

    @property
    def _shape(self) -> Hashable:
        scopes = tuple((scope.powers, len(scope.steps)) for scope in self.scopes)
        held = tuple((each.until_at is None, len(each.steps)) for each in self.held)
        before = tuple(len(units) for _, units in self.before)
        counts = len(self.over), len(self.confided), len(self.keys), len(self.represented)
        return counts, before, scopes, held

    @property
    def _values(self) -> tuple[Given, ...]:
        scopes = (
            value for scope in self.scopes for value in (scope.post, scope.path, *scope.steps)
        )
        when = self.now, self.today, self.soon, self.soon_end
        before = (value for until_at, units in self.before for value in (until_at, *units))
        held = (value for each in self.held for value in each.values)
        over = *self.over, *self.confided
        return (
            self.member, *when, *over, *before, *scopes, *held, *self.represented, *self.keys,
        )  # fmt: skip

    def _with(self, values: Iterable[Given]) -> AgendaContext:
        """Return a context of the same form with other values."""
        given: Iterator[Any] = iter(values)
        member, now, today, soon, soon_end = islice(given, 5)
        over = tuple(islice(given, len(self.over)))
        confided = tuple(islice(given, len(self.confided)))
        before = tuple((next(given), tuple(islice(given, len(units)))) for _, units in self.before)
        scopes = tuple(
            PostScope(
                scope.powers, next(given), next(given), tuple(islice(given, len(scope.steps)))
            )
            for scope in self.scopes
        )
        held = tuple(each.of(given) for each in self.held)
        represented = tuple(islice(given, len(self.represented)))
        return replace(
            self, member=member, now=now, today=today, soon=soon, soon_end=soon_end,
            over=over, confided=confided, before=before, scopes=scopes, held=held,
            represented=represented, keys=tuple(given),
        )  # fmt: skip


def _scope(seat: Seat) -> PostScope:
    return PostScope(seat.powers, seat.post.pk, seat.unit.path, seat.unit.steps)


def within(scopes: Iterable[PostScope], unit: str = "owner") -> Q:
    """Condition for rows in the unit of one of these posts, or below; `unit` is the path there."""
    starts = (Q(**{f"{unit}__path__startswith": scope.path}) for scope in scopes)
    reach = reduce(or_, starts, Q())
    return sift(reach) if reach else NOTHING


def sift(condition: Q) -> Q:
    """Return the same condition in a form that the database does not use to start the search:
    it is then checked on the few remaining rows, instead of scanning everything that a unit
    ever had.
    """
    return Q(Either(When(condition, then=Value(True)), default=Value(False)))
