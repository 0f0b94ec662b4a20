"""The one door: which units an officer's posts reach, and with which powers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.utils.timezone import localdate

from bihuan.core import grants
from bihuan.core.powers import HOUSEKEEPING, Power
from bihuan.core.refusal import NotAllowed
from bihuan.orgs.models import Post, Tenure, TenureQuerySet, Unit, User
from bihuan.store.prepared import Prepared, QueryCache


class Console(Enum):
    """Whoever runs a command on the server: holds no post, and is asked for none."""

    CONSOLE = "console"
    # The same while nobody holds any post yet: what it grants needs no second person.
    FOUNDING = "founding"


Actor = User | Console


@dataclass(frozen=True)
class Seat:
    """One post that a person holds today."""

    post: Post
    unit: Unit
    powers: frozenset[Power]
    # From when the appointment and the powers count for seals; None where they do.
    settles_at: datetime | None = None

    def reaches(self, unit: Unit) -> bool:
        return unit.path.startswith(self.unit.path)

    @property
    def works(self) -> bool:
        """Whether it works on what people bring, and does not look after the house alone."""
        return bool(self.powers - HOUSEKEEPING)


@dataclass(frozen=True)
class HeldPost:
    """A post that a person holds or held, from its first to its last day; still held without."""

    post: Post
    unit: Unit
    since_date: date
    until_date: date | None


def seats(user: User, on: date) -> tuple[Seat, ...]:
    """The posts that this officer holds on that day; asked once for each request."""
    return _posts(user, on)[0]


def held(user: User, on: date) -> tuple[HeldPost, ...]:
    """Every post that this officer holds on that day, or held before it."""
    return _posts(user, on)[1]


def _posts(user: User, on: date) -> tuple[tuple[Seat, ...], tuple[HeldPost, ...]]:
    kept: dict[date, tuple[tuple[Seat, ...], tuple[HeldPost, ...]]]
    kept = user.__dict__.setdefault("_seats", {})
    if on not in kept:
        kept[on] = _as_posts(_held(user.pk, on), on)
    return kept[on]


def ask_for_posts(users: Iterable[User], on: date) -> None:
    """Ask at once which posts these officers hold and held, for whom nobody has asked yet."""
    unknown = {user.pk: user for user in users if on not in user.__dict__.get("_seats", {})}
    if not unknown:
        return
    tenures: dict[int, list[Tenure]] = {pk: [] for pk in unknown}
    begun = Tenure.objects.filter(member__in=unknown, start_date__lte=on)
    for each in begun.select_related("post__unit").order_by("pk"):
        tenures[each.member_id].append(each)
    for pk, user in unknown.items():
        user.__dict__.setdefault("_seats", {})[on] = _as_posts(tenures[pk], on)


def _as_posts(tenures: Iterable[Tenure], on: date) -> tuple[tuple[Seat, ...], tuple[HeldPost, ...]]:
    tenures = list(tenures)
    seats = tuple(_seat(each) for each in tenures if not each.is_over(on))
    return seats, tuple(_as_held(each, on) for each in tenures)


def _as_held(tenure: Tenure, on: date) -> HeldPost:
    until_date = tenure.left_date if tenure.is_over(on) else None
    return HeldPost(tenure.post, tenure.post.unit, tenure.start_date, until_date)


def _tenures(member: int, on: date) -> TenureQuerySet:
    begun = Tenure.objects.filter(member=member, start_date__lte=on)
    return begun.select_related("post__unit").order_by("pk")


_held = Prepared(_tenures, (1, 2), (date(2020, 1, 1), date(2020, 1, 2)))


def _seat(tenure: Tenure) -> Seat:
    post = tenure.post
    powers = frozenset(Power(power) for power in post.powers)
    return Seat(post, post.unit, powers, grants.settles_at(tenure.grant, post.grant))


def settles_at(user: User, seat: Seat) -> datetime | None:
    """From when this seat counts for seals in the hands of its holder; None where it does."""
    return grants.latest([seat.settles_at, user.grant.settles_at])


def settled_seats(user: User, now: datetime) -> tuple[Seat, ...]:
    """The seats of today that count for seals and for what is confidential."""
    held = seats(user, localdate(now))
    return tuple(seat for seat in held if not grants.waits(settles_at(user, seat), now))


def has_settled(user: User, power: Power, *, unit: Unit, now: datetime) -> bool:
    """Whether some post gives this power over this unit, and neither it nor the password is new.

    What a second officer decides asks this: nobody makes that officer up the same day.
    """
    return any(power in seat.powers and seat.reaches(unit) for seat in settled_seats(user, now))


def forget_seats(user: User) -> None:
    """Ask again: the officer's posts changed within this request."""
    user.__dict__.pop("_seats", None)


def units_with(user: User, power: Power, on: date) -> list[Unit]:
    """The topmost units over which the officer holds this power."""
    return _topmost(seat.unit for seat in seats(user, on) if power in seat.powers)


def has(user: User, power: Power, *, unit: Unit, now: datetime) -> bool:
    """Whether some post of the officer gives this power over this unit."""
    on = localdate(now)
    return any(power in seat.powers and seat.reaches(unit) for seat in seats(user, on))


def require(user: User, power: Power, *, unit: Unit, now: datetime) -> Seat:
    """The seat that gives this power over this unit (the nearest one), or `NotAllowed`."""
    fitting = [
        seat for seat in seats(user, localdate(now)) if power in seat.powers and seat.reaches(unit)
    ]
    if not fitting:
        raise NotAllowed(power)
    return max(fitting, key=lambda seat: seat.unit.depth)


def scope(user: User, on: date) -> frozenset[int] | None:
    """Ids of every unit that the officer's posts reach; None means all there are."""
    return _scope(_topmost(seat.unit for seat in seats(user, on)))


def working_scope(user: User, on: date) -> frozenset[int] | None:
    """Ids of the units in which the officer works on what people bring; None means all."""
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
_roots = Prepared(lambda: Unit.objects.filter(parent=None).values_list("pk", flat=True))


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    tops: list[Unit] = []
    for unit in sorted(units, key=lambda unit: unit.depth):
        if not any(unit.is_within(top) for top in tops):
            tops.append(unit)
    return tops
