"""A lock so that only one run at a time writes a package, and none deletes or renames another's
files.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bihuan.retention.refusals import NotPacked, Obstacle

LOCK = ".lock"


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Refuse a second run until the block ends; the system releases the lock of a killed run."""
    place = out.with_name(out.name + LOCK)
    opened = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotPacked(Obstacle.BUSY, str(out)) from error
        if not _is_at(place, opened):
            raise NotPacked(Obstacle.BUSY, str(out))
        try:
            yield
        finally:
            place.unlink()


def _is_at(place: Path, opened: int) -> bool:
    """Whether the lock file is still the same; a run that was ending may have removed it
    between the two calls.
    """
    try:
        return os.path.samestat(place.stat(follow_symlinks=False), os.fstat(opened))
    except FileNotFoundError:
        return False
