"""Reception days: those to come, and which of their slots are taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases import codes
from bihuan.core.powers import Power
from bihuan.core.slots import slots
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.portal.models import Booking, Reception

SHOWN = 40
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Slot:
    """One visitor's time: free, taken or over."""

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
    slots: tuple[Slot, ...]

    @property
    def free(self) -> list[Slot]:
        return [] if self.reception.cancelled_at else [s for s in self.slots if s.is_free]

    @property
    def taken(self) -> int:
        return sum(slot.is_taken for slot in self.slots)


def coming(now: datetime, unit: Unit | None = None) -> list[Day]:
    """The days to come with their slots; a cancelled one stays, so that people learn of it."""
    found = Reception.objects.filter(date__gte=localdate(now))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return days(found[:SHOWN], now)


def planned_by(user: User, now: datetime) -> list[Day]:
    """What the officer's units have planned, those of the last weeks too."""
    tops = access.units_with(user, Power.COORDINATE, localdate(now))
    since = localdate(now) - KEPT
    found = Reception.objects.filter(unit__in=Unit.objects.within(*tops), date__gte=since)
    return days(found[: SHOWN * 5], now)


def day(pk: int, now: datetime) -> Day | None:
    found = days(Reception.objects.filter(pk=pk), now)
    return found[0] if found else None


def days(receptions: QuerySet[Reception], now: datetime) -> list[Day]:
    """In two questions, however many days there are."""
    held = Booking.objects.filter(given_back_at=None).only("reception", "starts_at")
    rows = receptions.select_related("unit", "post__unit").prefetch_related(
        Prefetch("bookings", queryset=held, to_attr="held")
    )
    return [Day(row, tuple(_slots(row, now))) for row in _in_order(rows)]


def begins_at(reception: Reception, starts_at: time) -> datetime:
    return datetime.combine(reception.date, starts_at, get_default_timezone())


def booking(code: str) -> Booking | None:
    """The slot that was booked with this code; as slow for a code that is none."""
    _, slow = codes.every_hash(code)
    held = Booking.objects.filter(code_hash__in=slow, given_back_at=None)
    return held.select_related("reception__unit", "reception__post__unit").first()


def _slots(reception: Reception, now: datetime) -> Iterable[Slot]:
    taken = {booking.starts_at for booking in getattr(reception, "held", ())}
    for at in slots(reception.starts_at, reception.ends_at, reception.slot_minutes):
        yield Slot(at, at in taken, begins_at(reception, at) <= now)


def _in_order(receptions: QuerySet[Reception]) -> QuerySet[Reception]:
    return receptions.order_by("date", "starts_at", "pk") if not receptions.query.is_sliced else receptions
