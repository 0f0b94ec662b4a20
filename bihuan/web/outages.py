"""External causes that prevent work, with one log line per outage.

Each process remembers by itself since when something is unavailable: see decision 105.
"""

from __future__ import annotations

import errno
import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from django.db import InterfaceError, OperationalError, connection

# SQLite reports an I/O error if the files next to the database do not match it.
DISK_FULL_WORDS = ("disk is full", "no space left", "disk full", "disk i/o error")

# Errors that SQLite calls operational but that are bugs, so that the traceback is needed.
OUR_FAULTS = ("no such", "syntax error")
# A full disk still allows reading: the outage is over when nothing has failed for this long.
QUIET_SECONDS = 600.0

logger = logging.getLogger(__name__)


class Outage(StrEnum):
    """Why nothing can be saved now, although the request is valid."""

    DATABASE = "the database cannot be reached"
    DISK = "the disk is full"


def outage(error: BaseException | None) -> Outage | None:
    """Return the outage behind an error, following its chain of causes."""
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
    """Record a failure; return whether it is the first of its outage in this process."""
    now = time.monotonic()
    with _lock:
        spell = _lasting.get(kind)
        first = spell is None or now - spell.last > QUIET_SECONDS
        if spell is None or first:
            spell = _lasting[kind] = _Spell(since=now, last=now)
        spell.last, spell.failed = now, spell.failed + 1
    return first


def over_if_answered() -> None:
    """After a success, log once that the database is back. Costs nothing otherwise."""
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
    """Logs one line per outage: repeating the same traceback for each request does not help."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        kind = outage(error)
        if kind is None:
            # `/readyz` gives the reason in its response.
            return error is not None or getattr(record, "status_code", 0) != 503
        if any(words in str(error) for words in OUR_FAULTS):
            return True
        if not begins(kind):
            return False
        record.msg, record.args = "%s: %s", (kind.value, " ".join(str(error).split()))
        record.exc_info = record.exc_text = None
        return True
