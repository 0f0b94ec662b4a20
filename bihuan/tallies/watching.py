"""Faults of the proxies that requests revealed, recorded where every process can read them.

The records are empty files next to the keys of the hour: one for each fault, with the time it was
last seen.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured

from bihuan.tallies import hour_keys
from bihuan.tallies.addresses import Fault

# How long after the last such request a fault counts as fixed.
LASTS = timedelta(hours=1)
_SELDOM = timedelta(minutes=1)

_noted: dict[Fault, datetime] = {}


def note(fault: Fault, now: datetime) -> None:
    """Record that a request revealed this fault; each process writes at most once a minute."""
    last = _noted.get(fault)
    if last is not None and abs(now - last) < _SELDOM:
        return
    _noted[fault] = now
    with suppress(OSError, ImproperlyConfigured):
        path = hour_keys.folder() / f"proxy-{fault}"
        path.touch(mode=0o600)
        os.utime(path, (now.timestamp(), now.timestamp()))


def seen(now: datetime) -> list[Fault]:
    """Return the faults revealed within the last hour."""
    return [fault for fault in Fault if _is_lasting(fault, now)]


def _is_lasting(fault: Fault, now: datetime) -> bool:
    try:
        at = (hour_keys.folder() / f"proxy-{fault}").stat().st_mtime
    except (OSError, ImproperlyConfigured):
        return False
    return abs(now.timestamp() - at) < LASTS.total_seconds()
