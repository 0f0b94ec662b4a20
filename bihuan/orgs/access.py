"""Access control: which units an officer's posts reach, and with which powers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.once import PerObject
from bihuan.core.powers import HOUSEKEEPING, Power
from bihuan.core.refusal import NotAllowed
from bihuan.orgs.models import Post, Tenure, TenureQuerySet, Unit, User
from bihuan.store.prepared import QueryCache, prepared


class Console(Enum):
    """The actor of a command run on the server; holds no post and skips permission checks."""

    CONSOLE = "console"
    # Used while no post is held yet: access granted now needs no confirmation by a second officer.
    FOUNDING = "founding"


Actor = User | Console


@dataclass(frozen=True)
class Seat:
    """A post that an officer holds today."""

    post: Post
    unit: Unit
    powers: frozenset[Power]
    # When appointment, powers and password take effect for unsealing; None if they already have.
    settles_at: datetime | None = None

    def reaches(self, unit: Unit) -> bool:
        return unit.path.startswith(self.unit.path)

    @property
    def works(self) -> bool:
        """Whether the post works on cases, and is not limited to housekeeping powers."""
        return bool(self.powers - HOUSEKEEPING)


@dataclass(frozen=True)
class HeldPost:
    """A post that an officer holds or held, with its first and last day; None as last day if
    current.
    """

    post: Post
    unit: Unit
    since_date: date
    until_date: date | None


# The posts of one day, with every post held before it.
Posts = tuple[tuple[Seat, ...], tuple[HeldPost, ...]]


def seats(user: User, on: date) -> tuple[Seat, ...]:
    """Return the posts that the officer holds on that day; queried once per request."""
    return _posts(user, on)[0]


def held(user: User, on: date) -> tuple[HeldPost, ...]:
    """Return every post that the officer holds on that day or held before it."""
    return _posts(user, on)[1]


def _none_yet(user: User) -> dict[date, Posts]:
    return {}


_posts_by_day = PerObject("posts", _none_yet)


def _posts(user: User, on: date) -> Posts:
    loaded = _posts_by_day(user)
    if on not in loaded:
        loaded[on] = _as_posts(user, _tenures(user.pk, on), on)
    return loaded[on]


def ask_for_posts(users: Iterable[User], on: date) -> None:
    """Load the current and past posts of these officers in one query, skipping those already
    loaded.
    """
    unknown = {user.pk: user for user in users if on not in _posts_by_day(user)}
    if not unknown:
        return
    tenures: dict[int, list[Tenure]] = {pk: [] for pk in unknown}
    begun = Tenure.objects.filter(member__in=unknown, start_date__lte=on)
    for each in begun.select_related("post__unit").order_by("pk"):
        tenures[each.member_id].append(each)
    for pk, user in unknown.items():
        _posts_by_day(user)[on] = _as_posts(user, tenures[pk], on)


def _as_posts(user: User, tenures: Iterable[Tenure], on: date) -> Posts:
    tenures = list(tenures)
    seats = tuple(_seat(user, each) for each in tenures if not each.is_over(on))
    return seats, tuple(_as_held(each, on) for each in tenures)


def _as_held(tenure: Tenure, on: date) -> HeldPost:
    until_date = tenure.left_date if tenure.is_over(on) else None
    return HeldPost(tenure.post, tenure.post.unit, tenure.start_date, until_date)


@prepared
def _tenures(member: int, on: date) -> TenureQuerySet:
    begun = Tenure.objects.filter(member=member, start_date__lte=on)
    return begun.select_related("post__unit").order_by("pk")


def _seat(user: User, tenure: Tenure) -> Seat:
    post = tenure.post
    powers = frozenset(Power(power) for power in post.powers)
    settles_at = grants.settles_at(tenure.grant, post.grant, user.grant)
    return Seat(post, post.unit, powers, settles_at)


def settled_seats(user: User, now: datetime) -> tuple[Seat, ...]:
    """Return today's seats that are in effect for unsealing and for confidential cases."""
    held = seats(user, localdate(now))
    return tuple(seat for seat in held if not grants.waits(seat.settles_at, now))


def has_settled(user: User, power: Power, *, unit: Unit, now: datetime) -> bool:
    """Whether some post gives this power over this unit, and neither the post nor the password is
    new.

    Used for decisions by a second officer, so that an account created the same day cannot be the
    second officer.
    """
    return any(power in seat.powers and seat.reaches(unit) for seat in settled_seats(user, now))


def forget_seats(user: User) -> None:
    """Clear the cached seats after the officer's posts changed within this request."""
    _posts_by_day.forget(user)


def units_with(user: User, power: Power, on: date) -> list[Unit]:
    """Return the topmost units over which the officer holds this power."""
    return tops(user, [power], on)


def tops(user: User, powers: Iterable[Power], on: date) -> list[Unit]:
    """Return the topmost units over which the officer holds one of these powers."""
    wanted = frozenset(powers)
    return _topmost(seat.unit for seat in seats(user, on) if seat.powers & wanted)


def has(user: User, power: Power, *, unit: Unit, now: datetime) -> bool:
    """Whether some post of the officer gives this power over this unit."""
    on = localdate(now)
    return any(power in seat.powers and seat.reaches(unit) for seat in seats(user, on))


def has_somewhere(user: User, powers: Collection[Power], on: date) -> bool:
    """Whether some post of the officer gives one of these powers over any unit."""
    return any(not seat.powers.isdisjoint(powers) for seat in seats(user, on))


def require(user: User, power: Power, *, unit: Unit, now: datetime) -> Seat:
    """Return the seat, in the nearest unit, that gives this power over this unit; raise
    `NotAllowed` if none.
    """
    fitting = [
        seat for seat in seats(user, localdate(now)) if power in seat.powers and seat.reaches(unit)
    ]
    if not fitting:
        raise NotAllowed(power)
    return max(fitting, key=lambda seat: seat.unit.depth)


def scope(user: User, on: date) -> frozenset[int] | None:
    """Return the ids of all units that the officer's posts reach; None means all units."""
    return _scope(_topmost(seat.unit for seat in seats(user, on)))


def working_scope(user: User, on: date) -> frozenset[int] | None:
    """Return the ids of the units in which the officer works on cases; None means all units."""
    return _scope(_topmost(seat.unit for seat in seats(user, on) if seat.works))


def _scope(tops: list[Unit]) -> frozenset[int] | None:
    if not tops:
        return frozenset()
    if set(_roots()) <= {unit.pk for unit in tops}:
        return None
    paths = tuple(unit.path for unit in tops)
    return frozenset(
        _within.rows(paths, lambda: Unit.objects.within(*tops).values_list("pk", flat=True))
    )


_within = QueryCache(1_000)


@prepared
def _roots() -> QuerySet[Unit, int]:
    return Unit.objects.filter(parent=None).values_list("pk", flat=True)


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    tops: list[Unit] = []
    for unit in sorted(units, key=lambda unit: unit.depth):
        if not any(unit.is_within(top) for top in tops):
            tops.append(unit)
    return tops
