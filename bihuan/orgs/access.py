"""Access control: which units an officer's posts reach, and with which powers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.once import PerObject
from bihuan.core.powers import HOUSEKEEPING, OPERATING, Power
from bihuan.core.refusal import NotAllowed
from bihuan.orgs.models import Post, Tenure, TenureQuerySet, Unit, User
from bihuan.store.prepared import QueryCache, padded, prepared


class Console(Enum):
    """The actor of a command run on the server; holds no post and skips permission checks."""

    CONSOLE = "console"
    # Used while no post is held yet: access granted now needs no confirmation by a second officer.
    FOUNDING = "founding"


Actor = User | Console


@dataclass(frozen=True)
class Seat:
    """A post that an officer holds today, or whose holder the officer stands in for."""

    post: Post
    unit: Unit
    powers: frozenset[Power]
    # When appointment, powers and password take effect for unsealing; None if they already have.
    settles_at: datetime | None = None
    stands_in_for: User | None = None

    def reaches(self, unit: Unit) -> bool:
        return unit.path.startswith(self.unit.path)

    @property
    def works(self) -> bool:
        """Whether the post works on cases, and is not limited to housekeeping powers."""
        return bool(self.powers - HOUSEKEEPING)


@dataclass(frozen=True)
class HeldPost:
    """A post that an officer holds or held, with its first and last day; None as last day if
    current. The days of a stand-in count like those of a holder.
    """

    post: Post
    unit: Unit
    since_date: date
    until_date: date | None
    stood_in_for: User | None = None


# The posts of one day, with every post held before it, and those of an operator of sites.
Posts = tuple[tuple[Seat, ...], tuple[HeldPost, ...], tuple[Seat, ...]]


def seats(user: User, on: date) -> tuple[Seat, ...]:
    """Return the posts from which the officer works on cases that day, as holder or as stand-in;
    queried once per request.
    """
    return _posts(user, on)[0]


def own_seats(user: User, on: date) -> tuple[Seat, ...]:
    """Return the posts that the officer holds on that day, without those of a stand-in."""
    return tuple(seat for seat in seats(user, on) if seat.stands_in_for is None)


def operating_seats(user: User, on: date) -> tuple[Seat, ...]:
    """Return the posts from which the user acts for an operator of sites on that day.

    They are no seats of an officer: to the desk, such a user holds no post at all.
    """
    return _posts(user, on)[2]


def is_operator(user: User, on: date) -> bool:
    """Whether the user acts for an operator of sites, and holds no post of an officer."""
    return bool(operating_seats(user, on)) and not seats(user, on)


def held(user: User, on: date) -> tuple[HeldPost, ...]:
    """Return every post that the officer holds on that day or held before it, also as stand-in."""
    return _posts(user, on)[1]


def stood_in_for(user: User, member: int, on: date) -> User | None:
    """Return the holder with this key, if the officer represents them on that day."""
    return next((each for each in represented(user, on) if each.pk == member), None)


def represented(user: User, on: date) -> tuple[User, ...]:
    """Return the officers whom this one represents on that day."""
    found = (held.stood_in_for for held in held(user, on) if held.until_date is None)
    return tuple(dict.fromkeys(holder for holder in found if holder is not None))


def same_person(user: User, since: datetime, now: datetime) -> frozenset[int]:
    """Return the officer and everyone who represented them, or whom they represented, on a day
    since then: none of these is a second person for what another of them did meanwhile.
    """
    first, on = localdate(since), localdate(now)
    met = {other for start, end, other in _met(user) if start <= on and end >= first}
    return frozenset({user.pk, *met})


def _load_met(user: User) -> list[tuple[date, date, int]]:
    pairs = Tenure.with_stand_ins.filter(
        Q(member=user) | Q(holder_tenure__member=user), holder_tenure__isnull=False
    ).values_list("start_date", "end_date", "member", "holder_tenure__member")
    return [
        (start, end or date.max, holder if member == user.pk else member)
        for start, end, member, holder in pairs
        if holder is not None
    ]


_met = PerObject("stood_in_with", _load_met)


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
    begun = Tenure.with_stand_ins.filter(member__in=unknown, start_date__lte=on)
    for each in begun.select_related(*_AROUND).order_by("pk"):
        tenures[each.member_id].append(each)
    for pk, user in unknown.items():
        _posts_by_day(user)[on] = _as_posts(user, tenures[pk], on)


def _as_posts(user: User, tenures: Iterable[Tenure], on: date) -> Posts:
    tenures = list(tenures)
    now = [each for each in tenures if not each.is_over(on)]
    every = tuple(_seat(user, each) for each in now if each.holder_tenure is None)
    own = tuple(seat for seat in every if seat.powers != OPERATING)
    operating = tuple(seat for seat in every if seat.powers == OPERATING)
    lent = (_lent_seat(each, each.holder_tenure, own) for each in now if each.holder_tenure)
    seats = (*own, *(seat for seat in lent if seat.powers))
    held = tuple(_as_held(each, on) for each in tenures if _is_entered_in_time(each))
    return seats, held, operating


# Tenures that were not over yet when an officer entered them. One that was gave no access on any
# day, and excludes the officer from nothing: otherwise an administrator could exclude anyone by a
# tenure in the past. What the operator enters always counts.
ENTERED_IN_TIME = (
    Q(granted_by=None)
    | Q(end_date=None)
    | Q(end_date__gte=TruncDate("granted_at"))
    | Q(acted_until_date__gte=TruncDate("granted_at"))
)


def _is_entered_in_time(tenure: Tenure) -> bool:
    """The same of one tenure."""
    granted_at, left_date = tenure.granted_at, tenure.left_date
    if tenure.granted_by_id is None or granted_at is None or left_date is None:
        return True
    return left_date >= localdate(granted_at)


def _as_held(tenure: Tenure, on: date) -> HeldPost:
    until_date = _left_date(tenure, on) if tenure.is_over(on) else None
    holder = tenure.holder_tenure.member if tenure.holder_tenure else None
    return HeldPost(tenure.post, tenure.post.unit, tenure.start_date, until_date, holder)


def _left_date(tenure: Tenure, on: date) -> date | None:
    """Return the last day; that of a stand-in whose holder left earlier, or whose holder's account
    was closed, is at most this one.
    """
    left = tenure.left_date
    return left if left is None or tenure.holder_tenure is None else min(left, on)


_AROUND = ("post__unit", "holder_tenure__member")


@prepared
def _tenures(member: int, on: date) -> TenureQuerySet:
    begun = Tenure.with_stand_ins.filter(member=member, start_date__lte=on)
    return begun.select_related(*_AROUND).order_by("pk")


def powers_of(post: Post) -> frozenset[Power]:
    return frozenset(Power(power) for power in post.powers)


def _seat(user: User, tenure: Tenure) -> Seat:
    post = tenure.post
    settles_at = grants.settles_at(tenure.grant, post.grant, user.grant)
    return Seat(post, post.unit, powers_of(post), settles_at)


def _lent_seat(tenure: Tenure, holder_tenure: Tenure, own: Iterable[Seat]) -> Seat:
    """Return the post of the absent holder with the powers that the stand-in also has: a stand-in
    gains reach, and no power.
    """
    held = frozenset(power for seat in own for power in seat.powers)
    post, powers = tenure.post, powers_of(tenure.post) & held - HOUSEKEEPING
    return Seat(post, post.unit, powers, None, holder_tenure.member)


def settled_seats(user: User, now: datetime) -> tuple[Seat, ...]:
    """Return today's own seats that are in effect for unsealing and for confidential cases."""
    held = own_seats(user, localdate(now))
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
    _met.forget(user)


def units_with(user: User, power: Power, on: date) -> list[Unit]:
    """Return the topmost units over which the officer holds this power."""
    return tops(user, [power], on)


def tops(user: User, powers: Iterable[Power], on: date) -> list[Unit]:
    """Return the topmost units over which the officer holds one of these powers."""
    wanted = frozenset(powers)
    return _topmost(seat.unit for seat in own_seats(user, on) if seat.powers & wanted)


def acting_tops(user: User, powers: Iterable[Power], on: date) -> list[Unit]:
    """Return the same with the posts whose holders the officer stands in for: where cases may be
    reported and moved.
    """
    wanted = frozenset(powers)
    return _topmost(seat.unit for seat in seats(user, on) if seat.powers & wanted)


def has(user: User, power: Power, *, unit: Unit, now: datetime) -> bool:
    """Whether some post of the officer gives this power over this unit."""
    on = localdate(now)
    return any(power in seat.powers and seat.reaches(unit) for seat in own_seats(user, on))


def has_somewhere(user: User, powers: Collection[Power], on: date) -> bool:
    """Whether some post of the officer gives one of these powers over any unit."""
    return any(not seat.powers.isdisjoint(powers) for seat in seats(user, on))


def require(user: User, power: Power, *, unit: Unit, now: datetime) -> Seat:
    """Return the seat, in the nearest unit, that gives this power over this unit; raise
    `NotAllowed` if none.
    """
    held = own_seats(user, localdate(now))
    fitting = [seat for seat in held if power in seat.powers and seat.reaches(unit)]
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
    # Only who reaches a root can reach everything.
    if any(unit.parent_id is None for unit in tops) and set(_roots()) <= {u.pk for u in tops}:
        return None
    paths = tuple(unit.path for unit in tops)
    return frozenset(
        _within.rows(paths, lambda: Unit.objects.within(*tops).values_list("pk", flat=True))
    )


_within = QueryCache(1_000)
_of_posts = QueryCache(100)


@prepared
def _roots() -> QuerySet[Unit, int]:
    return Unit.objects.filter(parent=None).values_list("pk", flat=True)


def acting(posts: Collection[int] | QuerySet[Any, Any], on: date) -> Iterable[Tenure]:
    """Return the tenures and stand-ins of these posts on that day, with their members."""
    if isinstance(posts, QuerySet):
        return _acting(posts, on)
    keys = padded(sorted(posts))
    return _of_posts.rows(len(keys), lambda on, *keys: _acting(keys, on), on, *keys) if keys else ()


def _acting(posts: Collection[int] | QuerySet[Any, Any], on: date) -> QuerySet[Tenure]:
    acting = Tenure.with_stand_ins.acting(on).filter(post__in=posts)
    return acting.select_related("member").order_by("pk")


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    tops: list[Unit] = []
    for unit in sorted(units, key=lambda unit: unit.depth):
        if not any(unit.is_within(top) for top in tops):
            tops.append(unit)
    return tops
