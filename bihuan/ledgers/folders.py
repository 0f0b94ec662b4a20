"""Folders of uploads and results: named at random, readable by nobody but the application."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from django.conf import settings

IMPORTS, EXPORTS = "imports", "exports"


def make(kind: str) -> str:
    """A new empty folder."""
    folder = f"{kind}/{token_hex(16)}"
    place(folder).mkdir(parents=True, mode=0o700)
    return folder


def place(folder: str, name: str = "") -> Path:
    """Where a folder, or a file in it, lies on this machine."""
    return Path(settings.MEDIA_ROOT) / folder / name


def write(folder: str, name: str, chunks: Iterable[bytes]) -> Path:
    """Write a file and wait until the disk has it."""
    path = place(folder, name)
    with path.open("wb") as out:
        out.writelines(chunks)
        out.flush()
        os.fchmod(out.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
        os.fsync(out.fileno())
    return path


def remove(folder: str) -> None:
    """Take the folder away with everything in it; one that is gone already is no error."""
    shutil.rmtree(place(folder), ignore_errors=True)


def untouched_since(moment: datetime) -> Iterator[str]:
    """Folders in which nothing was added or taken away since then."""
    root = Path(settings.MEDIA_ROOT)
    for kind in (IMPORTS, EXPORTS):
        for folder in (root / kind).glob("*/"):
            if folder.stat().st_mtime < moment.timestamp():
                yield folder.relative_to(root).as_posix()
