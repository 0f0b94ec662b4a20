"""Whether this installation may start and can work, and what must be done soon."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError
from django.utils import translation

from bihuan.environment import MAKE_SEAL, MAKE_SECRET
from bihuan.web import checks
from bihuan.web.checks import Level

# Returns what must be done soon, though nothing fails yet; each is a line of English.
Reminder = Callable[..., Iterator[str]]

_reminders: list[Reminder] = []


def register_reminder(reminder: Reminder) -> None:
    """Have `/readyz` include the results of `reminder(now=...)`. For `AppConfig.ready`."""
    _reminders.append(reminder)


def reminders(*, now: datetime) -> list[str]:
    """Return what the operator must do soon; the system keeps working meanwhile."""
    try:
        return [line for reminder in _reminders for line in reminder(now=now)]
    except (DatabaseError, InterfaceError):
        return []


def require_secrets() -> None:
    """Refuse to start without the keys, and explain how to create them."""
    missing = []
    if not has_secret():
        missing.append(f"BIHUAN_SECRET_KEY is not set; make one with: {MAKE_SECRET}")
    if not settings.SEAL_KEYS:
        missing.append(f"BIHUAN_SEAL_KEYS is not set; make one with: {MAKE_SEAL}")
    if missing:
        raise ImproperlyConfigured("; ".join(missing) + ". Keep them safe and apart from backups.")


# Raises `ImproperlyConfigured` if the site must not start.
Starter = Callable[[datetime], None]

_starters: list[Starter] = []


def register_start(starter: Starter) -> None:
    """Have `starter(now)` called before the server or the worker starts. For `AppConfig.ready`."""
    _starters.append(starter)


def require_start(*, now: datetime) -> None:
    """Refuse to start if that would do harm, with the reason."""
    require_secrets()
    for starter in _starters:
        starter(now)


def has_secret() -> bool:
    """Django raises an error when an empty secret key is read."""
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False


def reasons_not_ready(*, now: datetime) -> list[str]:
    """Return everything that prevents work; empty when ready."""
    with translation.override("en"):
        found = checks.run(now=now, quickly=True)
    return [f"{each.area}: {each.said}" for each in found if each.level is Level.BAD]
