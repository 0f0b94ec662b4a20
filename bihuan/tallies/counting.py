"""Counting tries: each under a random key that serves for one hour and is then thrown away.

So nobody can tell soon after from which addresses, or under which names, anything was tried.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from bihuan.store.planned import first_row
from bihuan.tallies import hour_keys
from bihuan.tallies.models import Tally

HOUR = timedelta(hours=1)
SO_MANY = 2**31 - 1


def mark_of(what: str, now: datetime, *, window: timedelta = HOUR) -> bytes:
    """What stands for this within the window, which divides the hour."""
    hour = _hour(now)
    part = int((now - hour) / window)
    return hmac.digest(_key(hour), f"{what}#{part}".encode(), "sha256")


def is_full(mark: bytes, most: int) -> bool:
    """Whether it was tried so often already."""
    return Tally.objects.filter(mark=mark, count__gte=most).exists()


def count(mark: bytes, now: datetime, most: int = SO_MANY) -> bool:
    """Whether one more was counted, or there were so many already.

    A tally that a crash forgets is no loss, so it waits for no disk.
    """
    counted = first_row(
        "INSERT INTO tallies_tally (hour, mark, count) VALUES (%s, %s, 1) "
        "ON CONFLICT (mark) DO UPDATE SET count = tallies_tally.count + 1 "
        "WHERE tallies_tally.count < %s RETURNING count",
        [_hour(now), mark, most],
        async_commit=True,
    )
    return counted is not None


def uncount(mark: bytes) -> None:
    """Take back one that did not come to what is counted."""
    first_row(
        "UPDATE tallies_tally SET count = count - 1 WHERE mark = %s AND count > 0 RETURNING count",
        [mark],
        async_commit=True,
    )


def clear(mark: bytes) -> None:
    """Begin again with what is counted there."""
    first_row(
        "DELETE FROM tallies_tally WHERE mark = %s RETURNING count", [mark], async_commit=True
    )


def is_first(mark: bytes, now: datetime) -> bool:
    """Whether this comes for the first time within its window."""
    return count(mark, now, 1)


def forget(now: datetime) -> int:
    """Throw away the keys and tallies of hours that are over; how many tallies went."""
    for hour in [hour for hour in _known if hour < _hour(now)]:
        _known.pop(hour, None)
    hour_keys.forget_before(_hour(now))
    return Tally.objects.filter(hour__lt=_hour(now)).delete()[0]


def _key(hour: datetime) -> bytes:
    """The key of this hour, the same in every process, which remembers no other."""
    known = _known.get(hour)
    if known is None:
        known = hour_keys.of(hour)
        _known.clear()
        _known[hour] = known
    return known


_known: dict[datetime, bytes] = {}


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
