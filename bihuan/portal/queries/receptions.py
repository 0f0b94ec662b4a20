"""Reception days: those to come, and which of their slots are taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import get_default_timezone, localdate

from bihuan.core.powers import Power
from bihuan.core.slots import slots
from bihuan.orgs import access
from bihuan.orgs.choices import Holding
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.portal.models import Booking, Reception
from bihuan.portal.queries.offices import for_public
from bihuan.receipts import codes

SHOWN = 40
KEPT = timedelta(days=30)
LEADERS = frozenset({Power.APPROVE, Power.SUPERVISE})


@dataclass(frozen=True)
class ReceptionTime:
    """One visitor's slot: free, taken or over."""

    starts_at: time
    is_taken: bool
    is_over: bool

    @property
    def is_free(self) -> bool:
        return not (self.is_taken or self.is_over)


@dataclass(frozen=True)
class Day:
    """A reception day with its slots."""

    reception: Reception
    slots: tuple[ReceptionTime, ...]

    @property
    def free(self) -> list[ReceptionTime]:
        return [] if self.reception.cancelled_at else [s for s in self.slots if s.is_free]

    @property
    def taken(self) -> int:
        return sum(slot.is_taken for slot in self.slots)


def coming(now: datetime, unit: Unit | None = None) -> list[Day]:
    """Return the coming days with their slots; a cancelled one is included, so that people are
    informed.
    """
    shown = for_public(Unit.objects.all())
    found = Reception.objects.filter(date__gte=localdate(now), unit__in=shown)
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return days(_in_order(found)[:SHOWN], now)


def kept_by(user: User, on: date) -> QuerySet[Reception]:
    """Return every reception day of the units that the officer coordinates."""
    tops = access.units_with(user, Power.COORDINATE, on)
    return Reception.objects.filter(unit__in=Unit.objects.within(*tops))


def planned_by(user: User, now: datetime) -> list[Day]:
    """Return what the officer's units have planned, including recent weeks."""
    on = localdate(now)
    found = kept_by(user, on).filter(date__gte=on - KEPT)
    return days(_in_order(found)[: SHOWN * 5], now)


def leaders(user: User, on: date) -> list[Holding]:
    """Return the leaders' posts in these units, each with its holder."""
    tops = access.units_with(user, Power.COORDINATE, on)
    units = Unit.objects.within(*tops).in_force(on)
    posts = Post.objects.in_force(on).filter(unit__in=units).select_related("unit")
    held = Tenure.objects.in_force(on).filter(post__in=posts)
    holders = dict(held.values_list("post_id", "member__name"))
    return [
        Holding(post, holders.get(post.pk, ""))
        for post in posts.order_by("unit__path", "pk")
        if LEADERS & set(post.powers)
    ]


def day(pk: int, now: datetime) -> Day | None:
    found = days(Reception.objects.filter(pk=pk), now)
    return found[0] if found else None


def days(receptions: QuerySet[Reception], now: datetime) -> list[Day]:
    """Return the days in two queries, however many there are."""
    held = Booking.objects.filter(given_back_at=None).only("reception", "starts_at")
    rows = receptions.select_related("unit", "post__unit").prefetch_related(
        Prefetch("bookings", queryset=held, to_attr="held")
    )
    return [Day(row, tuple(_slots(row, now))) for row in rows]


def begins_at(reception: Reception, starts_at: time) -> datetime:
    return datetime.combine(reception.date, starts_at, get_default_timezone())


def booking(code: str) -> Booking | None:
    """Return the slot booked with this code; takes equally long for an invalid code."""
    _, slow = codes.every_hash(code)
    held = Booking.objects.filter(code_hash__in=slow, given_back_at=None)
    return held.select_related("reception__unit", "reception__post__unit").first()


def _slots(reception: Reception, now: datetime) -> Iterable[ReceptionTime]:
    taken = {booking.starts_at for booking in getattr(reception, "held", ())}
    for at in slots(reception.starts_at, reception.ends_at, reception.slot_minutes):
        yield ReceptionTime(at, at in taken, begins_at(reception, at) <= now)


def _in_order(receptions: QuerySet[Reception]) -> QuerySet[Reception]:
    return receptions.order_by("date", "starts_at", "pk")
