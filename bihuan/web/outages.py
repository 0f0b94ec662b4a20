"""What outside the program keeps it from working, and one line in the log for each outage.

Each process remembers by itself since when something is away: see decision 105.
"""

from __future__ import annotations

import errno
import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from django.db import InterfaceError, OperationalError, connection

# SQLite calls it an I/O error when the files beside the database do not fit.
DISK_FULL_WORDS = ("disk is full", "no space left", "disk full", "disk i/o error")

# What SQLite calls operational and is a fault of the program, so that its traceback is wanted.
OUR_FAULTS = ("no such", "syntax error")
# A full disk answers what only reads: its outage is over when nothing has failed for so long.
QUIET_SECONDS = 600.0

logger = logging.getLogger(__name__)


class Outage(StrEnum):
    """Why nothing can be saved just now, though nothing is wrong with the request."""

    DATABASE = "the database cannot be reached"
    DISK = "the disk is full"


def outage(error: BaseException | None) -> Outage | None:
    """What outside the program an error comes from, looking through what it was raised from."""
    found = None
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Outage.DISK
        if isinstance(error, OperationalError | InterfaceError):
            if any(words in str(error).lower() for words in DISK_FULL_WORDS):
                return Outage.DISK
            found = Outage.DATABASE
        error = error.__cause__ or error.__context__
    return found


@dataclass
class _Spell:
    since: float
    last: float
    failed: int = 0


_lasting: dict[Outage, _Spell] = {}
_lock = Lock()


def begins(kind: Outage) -> bool:
    """Note one more failure; whether it is the first of its outage in this process."""
    now = time.monotonic()
    with _lock:
        spell = _lasting.get(kind)
        first = spell is None or now - spell.last > QUIET_SECONDS
        if spell is None or first:
            spell = _lasting[kind] = _Spell(since=now, last=now)
        spell.last, spell.failed = now, spell.failed + 1
    return first


def over_if_answered() -> None:
    """After something went well: say once that the database is back. Costs nothing otherwise."""
    if Outage.DATABASE not in _lasting or connection.connection is None:
        return
    if not connection.is_usable():
        return
    with _lock:
        spell = _lasting.pop(Outage.DATABASE, None)
    if spell is not None:
        lasted = time.monotonic() - spell.since
        logger.warning("the database answers again after %.0f s, %d failed", lasted, spell.failed)


class OncePerOutage(logging.Filter):
    """Lets one line through for each outage: the same traceback for each request says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        kind = outage(error)
        if kind is None:
            # `/readyz` says in its answer why it is not ready.
            return error is not None or getattr(record, "status_code", 0) != 503
        if any(words in str(error) for words in OUR_FAULTS):
            return True
        if not begins(kind):
            return False
        record.msg, record.args = "%s: %s", (kind.value, " ".join(str(error).split()))
        record.exc_info = record.exc_text = None
        return True
