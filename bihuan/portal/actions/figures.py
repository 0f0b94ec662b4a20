"""Keeping the counters: brought up to date each day, and compared with the cases they count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from bihuan.portal.models import Figure
from bihuan.portal.queries import counting
from bihuan.portal.queries.counting import Counts, Key

# What an act under way at this moment writes bears an earlier instant, and is counted next time.
LAG = timedelta(minutes=5)
NUMBERS = ("received", "settled", "in_time", "answered", "rated", "solved", "days")


@dataclass(frozen=True)
class Difference:
    """A counter that was not what the cases say."""

    month: date
    kind: str
    unit: int | None
    kept: Mapping[str, object] | None
    counted: Mapping[str, object] | None


def refresh(*, now: datetime) -> int:
    """Count again the months in which something may still change; how many counters changed."""
    this = localdate(now).replace(day=1)
    first = counting.first_month()
    if first is None:
        return 0
    since = max(first, counting.following(this, -counting.OPEN_MONTHS))
    return sum(len(_bring_up_to_date(month, now - LAG)) for month in counting.months(since, this))


def recount(*, now: datetime) -> Iterator[Difference]:
    """Compare every counter with the cases as of when it was counted, then put it right; but
    those of months whose cases were disposed of in part stay as they are."""
    months = [*Figure.objects.values_list("month", flat=True).distinct()]
    first = min(filter(None, (*months, counting.first_month())), default=None)
    if first is None:
        return
    last = Figure.objects.aggregate(at=Max("counted_at"))["at"]
    final = counting.no_longer_whole()
    for month in counting.months(first, localdate(now)):
        if month in final:
            continue
        if last is not None:
            yield from _compare(month, _counted_at(month) or last)
        _bring_up_to_date(month, now - LAG)


def _counted_at(month: date) -> datetime | None:
    found: datetime | None = Figure.objects.filter(month=month).aggregate(at=Max("counted_at"))[
        "at"
    ]
    return found


def _compare(month: date, at: datetime) -> Iterator[Difference]:
    counted = {key: counts.values() for key, counts in counting.count(month, at).items()}
    kept = {key: _numbers(row) for key, row in _kept(month).items()}
    for key in sorted(kept.keys() | counted.keys(), key=str):
        if kept.get(key) != counted.get(key):
            yield Difference(month, *key, kept.get(key), counted.get(key))


@transaction.atomic
def _bring_up_to_date(month: date, until: datetime) -> list[Key]:
    """Write what the cases say by then; which counters changed."""
    counted, kept = counting.count(month, until), _kept(month)
    changed = [key for key, counts in counted.items() if _differs(kept.get(key), counts)]
    gone = [key for key in kept if key not in counted]
    Figure.objects.filter(
        pk__in=[kept[key].pk for key in (*changed, *gone) if key in kept]
    ).delete()
    Figure.objects.bulk_create([_row(month, key, counted[key], until) for key in changed])
    Figure.objects.filter(month=month).update(counted_at=until)
    return changed + gone


def _kept(month: date) -> dict[Key, Figure]:
    return {(row.kind, row.unit_id): row for row in Figure.objects.filter(month=month)}


def _differs(kept: Figure | None, counted: Counts) -> bool:
    return kept is None or _numbers(kept) != counted.values()


def _numbers(row: Figure) -> dict[str, object]:
    return {name: getattr(row, name) for name in NUMBERS}


def _row(month: date, key: Key, counts: Counts, until: datetime) -> Figure:
    kind, unit = key
    return Figure(kind=kind, unit_id=unit, month=month, counted_at=until, **counts.values())
