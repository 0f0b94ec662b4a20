"""The key under which the attempts of one hour are counted: in memory, never in the database.

With both a tally and its key, every address could be tried. So the key is in a folder on a memory
file system, which no backup reads, in a file that only this account can open and all server
processes share. If it is lost, as when the machine restarts, the hour's counts start again.
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
OWN_ONLY = 0o077  # permissions that others must not have on the folder


def of(hour: datetime) -> bytes:
    """Return the key of this hour, created by the first process that needs it."""
    keys = folder()
    path = keys / _name(hour)
    with suppress(FileNotFoundError):
        return _read(path)
    # Written elsewhere and then linked, so that no process reads a partial key, and the first one
    # wins.
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
    """Delete the keys of earlier hours."""
    for path in folder().glob("[0-9]*"):  # not one that another process is writing
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
    """Return the folder of the keys, which no other account may read or have created."""
    place: Path = settings.HOUR_KEYS
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
    found = place.lstat()
    if place.is_symlink() or found.st_uid != os.getuid() or found.st_mode & OWN_ONLY:
        raise ImproperlyConfigured(
            f"BIHUAN_HOUR_KEYS={place}: must be a folder of this account with mode 0700"
        )
    return place
