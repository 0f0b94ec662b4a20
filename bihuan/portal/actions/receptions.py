"""Reception days: planned and cancelled by the office, booked and cancelled by anyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.core.slots import require_slots, slots
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.holdings import Leaving, PassingOn
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.refusals import DaysToCome, PostEnded
from bihuan.portal.acts import PortalAct
from bihuan.portal.models import Booking, Reception
from bihuan.portal.queries.receptions import begins_at
from bihuan.portal.refusals import (
    AlreadyPlanned,
    DayPast,
    FormUsed,
    ReceptionCancelled,
    SlotTaken,
)
from bihuan.receipts import codes

MOST_DAYS = 53
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Hours:
    """When and where a leader meets people on one day."""

    starts_at: time
    ends_at: time
    slot_minutes: int
    place: str
    topic: str = ""


@dataclass(frozen=True)
class Booked:
    """A slot and the code with which it can be cancelled; the code is shown once."""

    booking: Booking
    code: str
    is_new: bool = True


# ------------------------------------------------------------------- the office
def weekly(first: date, times: int, every_weeks: int = 1) -> list[date]:
    """Return the same day of the week, this many times."""
    return [first + WEEK * every_weeks * n for n in range(min(times, MOST_DAYS))]


@transaction.atomic
def plan(
    *, post: Post, dates: Sequence[date], hours: Hours, actor: User, now: datetime
) -> list[Reception]:
    """Publish one reception day of the post, or a series of them; all of them or none."""
    access.require(actor, Power.COORDINATE, unit=post.unit, now=now)
    require_slots(hours.starts_at, hours.ends_at, hours.slot_minutes)
    post = Post.objects.select_for_update(of=("self",)).select_related("unit").get(pk=post.pk)
    require_open(post.unit)
    if post.end_date is not None:
        raise PostEnded
    for on in dates:
        _require_room(post, on, hours, now)
    return [_plan(post, on, hours, actor, now) for on in dates]


def _require_room(post: Post, on: date, hours: Hours, now: datetime) -> None:
    if on < localdate(now):
        raise DayPast
    same = Reception.objects.filter(
        post=post,
        date=on,
        cancelled_at=None,
        starts_at__lt=hours.ends_at,
        ends_at__gt=hours.starts_at,
    )
    if same.exists():
        raise AlreadyPlanned(on)


def _plan(post: Post, on: date, hours: Hours, actor: User, now: datetime) -> Reception:
    planned = Reception.objects.create(unit=post.unit, post=post, date=on, **asdict(hours))
    after = {"date": on, "post": post.pk, **asdict(hours)}
    told = {name: str(value) for name, value in after.items()}
    record(_subject(planned), PortalAct.PLAN, by=actor, at=now, after=told, detail=told)
    return planned


@transaction.atomic
def cancel(*, reception: Reception, reason: str, actor: User, now: datetime) -> Reception:
    """Cancel the day; its page says so, and so does every code for it."""
    reception = Reception.objects.select_for_update().get(pk=reception.pk)
    access.require(actor, Power.COORDINATE, unit=reception.unit, now=now)
    if reception.cancelled_at:
        raise ReceptionCancelled
    reception.cancelled_at = now
    reception.save(update_fields=["cancelled_at"])
    record(_subject(reception), PortalAct.CANCEL, by=actor, at=now, note=reason)
    return reception


# ------------------------------------------------------------------- the public
@transaction.atomic
def book(*, reception: Reception, starts_at: time, form_key: str, now: datetime) -> Booked:
    """Book a free slot and return its code; the same form sent twice returns the same one."""
    reception = Reception.objects.select_for_update().get(pk=reception.pk)
    code = codes.code_for(form_key, f"slot/{reception.pk}/{starts_at:%H%M}")
    hashed = codes.slow(code)
    before = Booking.objects.filter(code_hash=hashed).select_related("reception").first()
    if before is not None:
        if before.given_back_at:
            raise FormUsed
        return Booked(before, code, is_new=False)
    if reception.cancelled_at:
        raise ReceptionCancelled
    offered = slots(reception.starts_at, reception.ends_at, reception.slot_minutes)
    if starts_at not in offered or begins_at(reception, starts_at) <= now:
        raise SlotTaken
    return Booked(_take(reception, starts_at, hashed, now), code)


def _take(reception: Reception, starts_at: time, hashed: bytes, now: datetime) -> Booking:
    """The constraint decides who was first, whatever the page showed."""
    try:
        with transaction.atomic():
            booking = Booking.objects.create(
                reception=reception, starts_at=starts_at, code_hash=hashed, booked_at=now
            )
    except IntegrityError as clash:
        raise SlotTaken from clash
    detail = {"starts_at": f"{starts_at:%H:%M}"}
    record(_subject(reception), PortalAct.BOOK, by=None, at=now, detail=detail)
    return booking


@transaction.atomic
def give_back(*, booking: Booking, now: datetime) -> None:
    """Release the slot for others; repeating it has no effect."""
    held = Booking.objects.filter(pk=booking.pk, given_back_at=None)
    if held.update(given_back_at=now):
        detail = {"starts_at": f"{booking.starts_at:%H:%M}"}
        record(_subject(booking.reception), PortalAct.GIVE_BACK, by=None, at=now, detail=detail)


def _subject(reception: Reception) -> str:
    return f"reception/{reception.pk}"


# --------------------------------------------------------- closed units and posts
def of_unit(unit: Unit, on: date) -> int:
    return _coming(on).filter(post__unit=unit).count()


def of_post(post: Post, on: date) -> int:
    return _coming(on).filter(post=post).count()


def pass_on(passing: PassingOn) -> int:
    """People booked these days; the officer who closes the unit must cancel them with a reason."""
    return _require_none(of_unit(passing.unit, localdate(passing.now)))


def leave(leaving: Leaving) -> int:
    return _require_none(of_post(leaving.post, localdate(leaving.now)))


def _coming(on: date) -> QuerySet[Reception, Reception]:
    return Reception.objects.filter(date__gt=on, cancelled_at=None)


def _require_none(coming: int) -> int:
    if coming:
        raise DaysToCome(coming)
    return 0
