"""Whether this installation may start, can work, and what kept it from working."""

import errno
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum, auto

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from bihuan.environment import MAKE_SEAL, MAKE_SECRET
from bihuan.web import work

LEAST_FREE_BYTES = 200 * 1024 * 1024
# SQLite calls it an I/O error when the files beside the database do not fit.
DISK_FULL_WORDS = ("disk is full", "no space left", "disk full", "disk i/o error")


# Answers what is to be done soon, though nothing is broken yet; each is a line of English.
Reminder = Callable[..., Iterator[str]]

_reminders: list[Reminder] = []


def register_reminder(reminder: Reminder) -> None:
    """Have `/readyz` say what `reminder(now=...)` finds. For `AppConfig.ready`."""
    _reminders.append(reminder)


def reminders(*, now: datetime) -> list[str]:
    """What the person who runs this has to do soon; work goes on meanwhile."""
    try:
        return [line for reminder in _reminders for line in reminder(now=now)]
    except DatabaseError:
        return []


class Outage(Enum):
    """Why nothing can be saved just now, though nothing is wrong with the request."""

    DATABASE = auto()
    DISK = auto()


def require_secrets() -> None:
    """Refuse to start without the keys, and say how to make them."""
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    missing = []
    if not secret:
        missing.append(f"BIHUAN_SECRET_KEY is not set; make one with: {MAKE_SECRET}")
    if not settings.SEAL_KEYS:
        missing.append(f"BIHUAN_SEAL_KEYS is not set; make one with: {MAKE_SEAL}")
    if missing:
        raise ImproperlyConfigured("; ".join(missing) + ". Keep them safe and apart from backups.")


def reasons_not_ready(*, now: datetime) -> list[str]:
    """Everything that keeps work from being done here; empty when ready."""
    try:
        reasons = [*_pending_migrations(), *work.missed(now=now)]
    except DatabaseError:
        reasons = ["database: cannot be reached"]
    return [*reasons, *_short_of_disk()]


def _pending_migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield f"database: {len(plan)} migrations are not applied"


def _short_of_disk() -> Iterator[str]:
    for name, folder in (("media", settings.MEDIA_ROOT), ("var", settings.VAR)):
        present = next((path for path in (folder, *folder.parents) if path.exists()), folder)
        if shutil.disk_usage(present).free < LEAST_FREE_BYTES:
            yield f"disk: less than {LEAST_FREE_BYTES >> 20} MiB free for {name}"


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
