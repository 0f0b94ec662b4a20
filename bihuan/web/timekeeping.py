"""The guard before everything that erases, seals or escalates: see decision 14.

The worker records the time in each round. If the time does not match the last recorded one, or the
clock of the database, irreversible work is suspended until the clock is corrected or a person
confirms it.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from bihuan.core import timekeeping as rules
from bihuan.core.refusal import Refusal
from bihuan.core.timekeeping import Jump
from bihuan.journal.actions import record
from bihuan.web.models import TimeSeen

SUBJECT = "installation/clock"
NOTE_EVERY_SECONDS = 60


class TimeJumped(Refusal):
    """The system clock does not match the other one: the worker's last run, or the database."""

    def __init__(self, jump: Jump, now: datetime, other: datetime) -> None:
        super().__init__(jump)
        self.jump, self.now, self.other = jump, now, other


class NotTheTime(Refusal):
    """The time read elsewhere differs from the system time."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.now = now


def held(*, now: datetime) -> TimeJumped | None:
    """Return why the time is implausible; None if it is plausible, or if tests set it."""
    return None if _moved_by_tests() else _jumped(now, _last())


def require(*, now: datetime) -> None:
    """Refuse while the time is implausible."""
    if (why := held(now=now)) is not None:
        raise why


def note(*, now: datetime) -> None:
    """Record a plausible time; once a minute is enough."""
    last = _last()
    if last is None or abs((now - last).total_seconds()) >= NOTE_EVERY_SECONDS:
        _remember(now)


@transaction.atomic
def accept(*, at: datetime, now: datetime) -> datetime | None:
    """Accept the system clock, which a person compared with another; replaces the recorded time."""
    if not rules.agree(now, at):
        raise NotTheTime(now)
    why = None if _moved_by_tests() else _jumped(now, None)
    if why is not None:
        raise why
    last = _last()
    _remember(now)
    detail = {"said": at.isoformat(), "last": last.isoformat() if last else ""}
    record(SUBJECT, "accept_time", by=None, at=now, detail=detail)
    return last


def _moved_by_tests() -> bool:
    return settings.TEST_CLOCK and not settings.IS_PRODUCTION


def _jumped(now: datetime, last: datetime | None) -> TimeJumped | None:
    database = _of_database()
    jump = rules.jumped(now, last=last, database=database)
    if jump is None:
        return None
    other = database if jump is Jump.APART else last
    return TimeJumped(jump, now, other or now)


def _last() -> datetime | None:
    return TimeSeen.objects.filter(pk=1).values_list("seen_at", flat=True).first()


def _remember(now: datetime) -> None:
    TimeSeen.objects.update_or_create(pk=1, defaults={"seen_at": now})


def _of_database() -> datetime | None:
    """Return the clock of the database server; SQLite uses this machine's."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at
