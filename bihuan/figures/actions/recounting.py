"""Recount: compare every counter with the records that it counts, and correct it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localdate

from bihuan.figures import queries, sources
from bihuan.figures.actions import keeping
from bihuan.figures.models import Count
from bihuan.figures.sources import Key, Source

AT_ONCE = 200
MERGED_AT_ONCE = 20_000
LOCK = 0x66696775  # key of the database's advisory lock

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """Counters of one unit and period that differed from the records: stored and actual values."""

    period: date
    # The common prefix of the names of these counters.
    group: str
    unit: int | None
    numbers: Mapping[str, tuple[int, int]]


class Refreshed(NamedTuple):
    """How many counters were wrong, and how many additions are now published."""

    corrected: int
    published: int


def refresh(*, now: datetime) -> Refreshed:
    """Recount the periods that may still change, and publish the counts."""
    found = 0
    for name, source in sources.every().items():
        # If it was never counted, as after an upgrade, this is the first count and not an error.
        is_new = queries.is_new(name)
        since = source.span.later(source.span.start(localdate(now)), -source.open_for)
        periods = queries.periods(name, source, localdate(now))
        for period in periods:
            if is_new or period >= since:
                wrong = sum(len(each.numbers) for each in _put_right(name, source, period))
                found += wrong
                if wrong and not is_new:
                    logger.warning("%d counters of %s were corrected (%s)", wrong, name, period)
    return Refreshed(found, merge())


def recount(*, now: datetime, dry_run: bool = False) -> Iterator[Difference]:
    """Compare every counter with the records, and correct those that differ."""
    for name, source in sources.every().items():
        is_new = queries.is_new(name)
        for period in queries.periods(name, source, localdate(now)):
            find = _differences if dry_run else _put_right
            found = list(find(name, source, period))
            if not is_new:
                yield from found
    if not dry_run:
        merge()


def _differences(name: str, source: Source, period: date) -> list[Difference]:
    return _grouped(queries.compare(name, source, period))


def _put_right(name: str, source: Source, period: date) -> list[Difference]:
    compared = queries.compare(name, source, period)
    if compared.is_right:
        return []
    # Differences are checked again under locks: an action may have come in between.
    stale = sorted(compared.stale)
    for start in range(0, len(stale), AT_ONCE):
        some = stale[start : start + AT_ONCE]
        with transaction.atomic():
            periods = {**dict.fromkeys(some, period), **source.periods_of(some)}
            keeping.bring_up_to_date(name, source, periods, skip_locked=True)
    with transaction.atomic():
        _lock()
        keeping.add(queries.missing(name, source, period))
    return _grouped(compared)


def _grouped(compared: queries.Comparison) -> list[Difference]:
    """Group by unit and counter, for display."""
    differing = [
        key
        for key in compared.stored.keys() | compared.counted.keys()
        if compared.stored.get(key) != compared.counted.get(key)
    ]
    differing.sort(key=lambda key: (_group(key), key.unit or 0, key.number))
    return [
        Difference(
            period,
            group,
            unit,
            {
                key.number.removeprefix(f"{group}."): (
                    compared.stored.get(key, 0),
                    compared.counted.get(key, 0),
                )
                for key in keys
            },
        )
        for (period, group, unit), keys in groupby(
            differing, key=lambda key: (key.period, _group(key), key.unit)
        )
    ]


def _group(key: Key) -> str:
    return key.number.partition("/")[0].rpartition(".")[0]


# ------------------------------------------------------------------------ merging
def merge() -> int:
    """Merge the additions since the last time into the published rows; return their number."""
    merged = 0
    while found := _merge():
        merged += found
    return merged


@transaction.atomic
def _merge() -> int:
    _lock()
    rows = list(Count.objects.filter(is_pending=True).order_by("pk")[:MERGED_AT_ONCE])
    added: Counter[tuple[str, int | None, date, int]] = Counter()
    for row in rows:
        added[_place(row)] += row.value
    periods = {row.period for row in rows}
    published = Count.objects.published().filter(period__in=periods)
    there = {_place(row): row for row in published}
    for row in (there[place] for place in added if place in there):
        row.value += added[_place(row)]
    old = [there[place] for place in added if place in there]
    Count.objects.bulk_update(old, ["value"])
    Count.objects.bulk_create(_new_rows({key: added[key] for key in added if key not in there}))
    Count.objects.filter(pk__in=[row.pk for row in (*rows, *old) if _is_done(row)]).delete()
    return len(rows)


def _is_done(row: Count) -> bool:
    return row.is_pending or row.value == 0


def _place(row: Count) -> tuple[str, int | None, date, int]:
    return (row.counter, row.unit_id, row.period, row.step)


def _new_rows(values: Mapping[tuple[str, int | None, date, int], int]) -> Collection[Count]:
    return [
        Count(
            counter=counter, unit_id=unit, period=period, step=step, value=value, is_pending=False
        )
        for (counter, unit, period, step), value in values.items()
        if value
    ]


def _lock() -> None:
    """Allow only one merge or correction at a time, until the transaction ends.

    SQLite has only one writer in any case.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
