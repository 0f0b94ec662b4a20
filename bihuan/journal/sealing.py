"""Seal the journal: a root for each past hour, and for past days that were not sealed in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.timezone import get_default_timezone, localdate, localtime

from bihuan.core.chain import START, Day, microseconds
from bihuan.journal.models import Anchor, Entry
from bihuan.journal.refusals import DayNotBegun, DayPassedOver

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def seal(*, now: datetime) -> int:
    """Seal every past hour with entries that no root covers; return the number of roots created."""
    through = _settled()
    with transaction.atomic():
        _one_at_a_time()
        return _seal_beyond(through, now) + _seal_through(_hour_of(now), through, now)


def anchor(day: date, *, now: datetime) -> Anchor:
    """Return the last root of a day: saved if the day is over, else only calculated for display.

    Earlier periods that are not sealed yet are sealed first.
    """
    if day > _local_date(now):
        raise DayNotBegun(day)
    through, end = _settled(), _midnight_after(day)
    is_over = now >= end
    with transaction.atomic():
        _one_at_a_time()
        if is_over:
            _seal_beyond(through, now)
        _seal_through(end if is_over else _midnight_after(day - DAY), through, now)
        last = _last()
        if last is not None and last.until_at >= end:
            kept = Anchor.objects.filter(date=day).order_by("until_at").last()
            if kept is None:
                raise DayPassedOver(day)
            return kept
        if is_over and last is not None and last.date == day:
            return last
        made = _built(end, last, through, now)
        if is_over:
            made.save(force_insert=True)
        return made


def _seal_beyond(through: int, now: datetime) -> int:
    """If a wrong clock sealed a period in the future, continue after it; otherwise nothing would be
    sealed until then.

    Such a root ends one minute after the last, however far in the future that is, and has the true
    day. So time catches up, and the roots stay ordered by their ends.
    """
    last = _last()
    if last is None or last.until_at <= now + HOUR:
        return 0
    entries = Entry.objects.filter(pk__gt=last.through, pk__lte=through)
    first: datetime | None = entries.aggregate(at=Min("at"))["at"]
    if first is None:
        return 0
    made = _built(last.until_at + MINUTE, last, through, now, day=_local_date(first))
    made.save(force_insert=True)
    return 1


def _seal_through(limit: datetime, through: int, now: datetime) -> int:
    """Seal, one after another, the periods that end by then and contain entries."""
    last, sealed = _last(), 0
    while (end := _next_end(last, through, now)) is not None and end <= limit:
        last = _built(end, last, through, now)
        last.save(force_insert=True)
        sealed += 1
    return sealed


def _last() -> Anchor | None:
    return Anchor.objects.order_by("until_at").last()


def _settled() -> int:
    """Return the last entry's id, unless a smaller id is still waiting to be committed."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE journal_entry IN SHARE MODE")
        return Entry.objects.aggregate(last=Max("pk"))["last"] or 0


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE journal_anchor IN EXCLUSIVE MODE")


def _next_end(last: Anchor | None, through: int, now: datetime) -> datetime | None:
    """Return the end of the first period with entries that no root covers yet.

    A period is an hour of today, or a whole past day.
    """
    entries = Entry.objects.unsealed(last).filter(pk__lte=through)
    first: datetime | None = entries.aggregate(at=Min("at"))["at"]
    if first is None:
        return None
    if last is not None:
        first = max(first, last.until_at)
    midnight = _midnight_after(_local_date(first))
    return midnight if midnight <= now else _hour_of(first) + HOUR


def _local_date(at: datetime) -> date:
    return localdate(at, get_default_timezone())


def _hour_of(at: datetime) -> datetime:
    local = localtime(at, get_default_timezone())
    return at - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + DAY, time.min, get_default_timezone())


def _built(
    until: datetime, last: Anchor | None, through: int, now: datetime, day: date | None = None
) -> Anchor:
    day = day or _local_date(until - timedelta(microseconds=1))
    through = max(through, last.through) if last else through
    previous = bytes(last.root) if last else START
    tree = Day(day, until=microseconds(until), through=through, previous=previous)
    entries = Entry.objects.unsealed(last).filter(at__lt=until, pk__lte=through)
    rows = entries.order_by("chain_id", "seq").values_list("chain_id", "chain__subject", "hash")
    for _, chain in groupby(rows.iterator(), key=itemgetter(0)):
        *_, (_, subject, head) = chain
        tree.add(subject, bytes(head))
    return Anchor(
        date=day,
        until_at=until,
        through=through,
        leaves=tree.chains,
        previous=previous,
        root=tree.root(),
        made_at=now,
    )
