"""The marker of an unfinished restore: while it exists, no service may start here."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from bihuan.backups.refusals import BackupRefused, Reason

NAME = "restore.unfinished"


@dataclass(frozen=True)
class Begun:
    """Which backup was being restored, and since when."""

    backup: str
    digest: str
    at: str


def path() -> Path:
    return Path(settings.VAR) / NAME


def found() -> Begun | None:
    """Return the restore that was begun here and did not finish, if any."""
    try:
        data = json.loads(path().read_text())
        return Begun(str(data["backup"]), str(data["digest"]), str(data["at"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Begun("?", "", "?")  # interrupted while it was written; it still counts as a marker


def require_none() -> None:
    """Refuse actions that must not run while the data may be incomplete."""
    begun = found()
    if begun is not None:
        raise BackupRefused(Reason.UNFINISHED, begun.backup, begun.at)


@contextmanager
def marked(backup: str, digest: str, now: datetime) -> Iterator[None]:
    """Create the marker; it is removed only if the block completes. One restore at a time."""
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(Reason.BUSY, str(place)) from error
        file.truncate()
        json.dump(asdict(Begun(backup, digest, now.isoformat(timespec="seconds"))), file)
        file.flush()
        os.fsync(file.fileno())
        yield
        place.unlink()
