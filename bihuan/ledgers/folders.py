"""Folders of uploads and results: with random names, readable by the application only."""

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
    """Create a new empty folder."""
    folder = f"{kind}/{token_hex(16)}"
    place(folder).mkdir(parents=True, mode=0o700)
    return folder


def place(folder: str, name: str = "") -> Path:
    """Return the path of a folder, or of a file in it, on this machine."""
    return Path(settings.MEDIA_ROOT) / folder / name


def write(folder: str, name: str, chunks: Iterable[bytes]) -> Path:
    """Write a file and wait until it is on disk."""
    path = place(folder, name)
    with path.open("wb") as out:
        out.writelines(chunks)
        out.flush()
        os.fchmod(out.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
        os.fsync(out.fileno())
    return path


def remove(folder: str) -> None:
    """Delete the folder with its content; a missing one is not an error."""
    shutil.rmtree(place(folder), ignore_errors=True)


def untouched_since(moment: datetime) -> Iterator[str]:
    """Return folders in which nothing was added or deleted since then."""
    root = Path(settings.MEDIA_ROOT)
    for kind in (IMPORTS, EXPORTS):
        for folder in (root / kind).glob("*/"):
            if folder.stat().st_mtime < moment.timestamp():
                yield folder.relative_to(root).as_posix()
