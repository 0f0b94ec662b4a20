"""Count attempts, each under a random key that is used for one hour and then deleted.

So it soon becomes impossible to find out from which addresses, or under which names, attempts were
made.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from bihuan.store.counters import add
from bihuan.store.prepared import first_row
from bihuan.tallies import hour_keys
from bihuan.tallies.models import Tally

HOUR = timedelta(hours=1)
SO_MANY = 2**31 - 1


def mark_of(what: str, now: datetime, *, window: timedelta = HOUR) -> bytes:
    """Return the mark for this value within the window, which must divide the hour."""
    hour = _hour(now)
    part = int((now - hour) / window)
    return hmac.digest(_key(hour), f"{what}#{part}".encode(), "sha256")


def is_full(mark: bytes, most: int) -> bool:
    """Whether the limit has been reached."""
    return Tally.objects.filter(mark=mark, count__gte=most).exists()


def count(mark: bytes, now: datetime, most: int = SO_MANY) -> bool:
    """Count one more; return False if the limit was already reached.

    Losing a count in a crash does no harm, so the commit does not wait for the disk.
    """
    added = add(Tally, "count", 1, key="mark", most=most, hour=_hour(now), mark=mark)
    return added is not None


def uncount(mark: bytes) -> None:
    """Undo one count for an attempt that should not be counted."""
    first_row(
        "UPDATE tallies_tally SET count = count - 1 WHERE mark = %s AND count > 0 RETURNING count",
        [mark],
        async_commit=True,
    )


def clear(mark: bytes) -> None:
    """Reset the count."""
    first_row(
        "DELETE FROM tallies_tally WHERE mark = %s RETURNING count", [mark], async_commit=True
    )


def is_first(mark: bytes, now: datetime) -> bool:
    """Whether this is the first time within its window."""
    return count(mark, now, 1)


def forget(now: datetime) -> int:
    """Delete the keys and tallies of past hours; return the number of tallies."""
    for hour in [hour for hour in _known if hour < _hour(now)]:
        _known.pop(hour, None)
    hour_keys.forget_before(_hour(now))
    return Tally.objects.filter(hour__lt=_hour(now)).delete()[0]


def _key(hour: datetime) -> bytes:
    """Return the key of this hour, the same in every process; earlier keys are dropped."""
    known = _known.get(hour)
    if known is None:
        known = hour_keys.of(hour)
        _known.clear()
        _known[hour] = known
    return known


_known: dict[datetime, bytes] = {}


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
