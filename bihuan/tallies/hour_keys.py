"""The key under which the tries of one hour are counted: in memory, never in the database.

With both a tally and its key every address could be tried. So the key lies in a folder of a
memory file system, which no backup reads, in a file that this account alone opens and all server
processes share. When it is lost, as by a restart of the machine, the hour begins again.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

BYTES = 32
OWN_ONLY = 0o077  # what nobody else may have of the folder


def of(hour: datetime) -> bytes:
    """The key of this hour, made by the first process that asks."""
    keys = folder()
    path = keys / _name(hour)
    with suppress(FileNotFoundError):
        return _read(path)
    # Written elsewhere and linked, so that nobody reads half a key, and the first one stays.
    made = keys / f".{secrets.token_hex(8)}"
    opened = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()
    return _read(path)


def forget_before(hour: datetime) -> None:
    """Throw away the keys of earlier hours."""
    for path in folder().glob("[0-9]*"):  # not what another process is just writing
        if path.name < _name(hour):
            path.unlink(missing_ok=True)


def _name(hour: datetime) -> str:
    return f"{hour.astimezone(UTC):%Y%m%d%H}"


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != BYTES:
        raise ImproperlyConfigured(f"{path}: not the key of an hour; remove it")
    return key


def folder() -> Path:
    """The folder of the keys, which nobody else may read or have put there."""
    place: Path = settings.HOUR_KEYS
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
    found = place.lstat()
    if place.is_symlink() or found.st_uid != os.getuid() or found.st_mode & OWN_ONLY:
        raise ImproperlyConfigured(
            f"BIHUAN_HOUR_KEYS={place}: must be a folder of this account with mode 0700"
        )
    return place
