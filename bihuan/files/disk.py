"""Content-addressed files on disk: complete or absent, and stored once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

_PARTIAL, _DOOMED = ".part", ".doomed"


def sync_folder(folder: Path) -> None:
    """Wait until the names in the folder are on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def place(path: str) -> Path:
    """Return the location of a stored path on this machine."""
    return Path(settings.MEDIA_ROOT) / path


def put(path: str, data: bytes) -> None:
    """Write the bytes atomically: a crash or a full disk never leaves a partial file."""
    target = place(path)
    try:
        os.utime(target)  # already stored; mark as used again
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data)


def replace(path: str, data: bytes) -> None:
    """Write the bytes over an existing file, for files whose name does not depend on the
    content.
    """
    target = place(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, data)


def _write(target: Path, data: bytes) -> None:
    handle, partial = tempfile.mkstemp(dir=target.parent, suffix=_PARTIAL)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fchmod(out.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
            os.fsync(out.fileno())
        os.replace(partial, target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def untouched_since(moment: datetime) -> Iterator[str]:
    """Return the paths of all stored files last written or reused before then."""
    root = Path(settings.MEDIA_ROOT)
    for file in root.glob("??/??/*"):
        if file.stat().st_mtime < moment.timestamp():
            yield file.relative_to(root).as_posix()


def remove(path: str, *, untouched_since: datetime) -> bool:
    """Remove the bytes, unless the same bytes are being stored at this moment."""
    target = place(path)
    doomed = target.with_name(target.name + _DOOMED)
    os.rename(target, doomed)
    if doomed.stat().st_mtime >= untouched_since.timestamp():
        os.rename(doomed, target)
        return False
    doomed.unlink()
    return True


def put_back(path: str) -> None:
    """Restore bytes that are still needed after an interrupted removal."""
    doomed = place(path)
    target = doomed.with_name(doomed.name.removesuffix(_DOOMED))
    if target != doomed:
        os.replace(doomed, target)  # the same bytes, if they were stored again since
