"""The slots of a reception day (接访日)."""

from __future__ import annotations

from datetime import time

from bihuan.core.refusal import Refusal

MOST_SLOTS = 96


class NoSlots(Refusal):
    """The time is too short for a single slot, or there are too many slots."""


def slots(starts_at: time, ends_at: time, minutes: int) -> tuple[time, ...]:
    """Return when each visitor's slot begins; the remainder at the end is not used."""
    first, last = _minute(starts_at), _minute(ends_at)
    if minutes < 1:
        return ()
    return tuple(
        time(at // 60, at % 60) for at in range(first, last, minutes) if at + minutes <= last
    )


def require_slots(starts_at: time, ends_at: time, minutes: int) -> None:
    if not 0 < len(slots(starts_at, ends_at, minutes)) <= MOST_SLOTS:
        raise NoSlots


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
