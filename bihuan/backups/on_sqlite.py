"""Copy the file of SQLite from a snapshot, and restore it.

VACUUM INTO reads a snapshot while others write, and omits deleted rows that remain in free pages.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection, connections

from bihuan.backups.manifest import CopiedTable, Manifest
from bihuan.backups.parcel import Packing
from bihuan.backups.pieces import PIECE, packed, unpacked
from bihuan.backups.refusals import BackupRefused, Reason

ENGINE = "sqlite"
USING = "backup"
COPY, RESTORED = ".copied", ".restoring"
_TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""


def database() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


# ------------------------------------------------------------------ copying out
@contextmanager
def taken() -> Iterator[SqliteSnapshot]:
    """Make a copy next to the database, deleted when the block ends."""
    copy = database().with_name(database().name + COPY)
    opened = os.open(copy, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(Reason.BUSY, str(copy)) from error
        try:
            _copy_to(copy, file)
            with _asked_by_models(copy):
                yield SqliteSnapshot(copy, file)
        finally:
            copy.unlink()


def _copy_to(copy: Path, file: BinaryIO) -> None:
    file.truncate(0)  # left by an interrupted backup
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    with closing(sqlite3.connect(copy, isolation_level=None)) as copied:
        # No deleted rows remain, not even in free pages.
        copied.execute("PRAGMA secure_delete = ON")
        copied.execute("PRAGMA journal_mode = MEMORY")
        for name in settings.LEFT_OUT_OF_BACKUPS:
            copied.execute(f"DELETE FROM {name}")


@contextmanager
def _asked_by_models(copy: Path) -> Iterator[None]:
    """Let models query the copy."""
    connections.settings[USING] = {**connection.settings_dict, "NAME": str(copy), "OPTIONS": {}}
    try:
        yield
    finally:
        connections[USING].close()
        del connections[USING]
        del connections.settings[USING]


class SqliteSnapshot:
    """The content of the database at that moment."""

    using = USING
    sequences: dict[str, int] = {}  # they are in the file
    strangers: list[str] = []  # everything in it is copied

    def __init__(self, copy: Path, file: BinaryIO) -> None:
        self._copy, self._file = copy, file
        self.server = sqlite3.sqlite_version

    @property
    def bytes(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def pack(self, packing: Packing, on_progress: Callable[[int], None]) -> dict[str, CopiedTable]:
        self._file.seek(0)
        number = 0
        while piece := self._file.read(PIECE):
            number += 1
            packing.add(f"database/{number:06}.gz", packed(piece))
            on_progress(len(piece))
        return _counted(self._copy)


def _counted(file: Path) -> dict[str, CopiedTable]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copied:
        names = [name for (name,) in copied.execute(_TABLES)]
        count = {name: copied.execute(f'SELECT count(*) FROM "{name}"') for name in names}
        return {name: CopiedTable([], rows.fetchone()[0], 0) for name, rows in count.items()}


# ------------------------------------------------------------------- copying in
def what_is_here() -> str:
    """Return the existing database, unless it is still empty."""
    file = database()
    if not file.exists():
        return ""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as there:
        try:
            found = there.execute(_TABLES).fetchone()
        except sqlite3.DatabaseError:
            return str(file)
    return str(file) if found else ""


@contextmanager
def loading(manifest: Manifest, name: str) -> Iterator[Loading]:
    """Restore the whole file or nothing: it is renamed when the block ends."""
    place = database()
    partial = place.with_name(place.name + RESTORED)
    with suppress(FileNotFoundError):
        partial.unlink()
    opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        loading = Loading(manifest, name, file)
        yield loading
        file.flush()
        os.fsync(file.fileno())
    loading.compare(partial)
    connection.close()
    for rest in ("-wal", "-shm"):
        place.with_name(place.name + rest).unlink(missing_ok=True)
    os.replace(partial, place)


class Loading:
    """Writes the file, and compares it with the counts of the manifest."""

    def __init__(self, manifest: Manifest, name: str, file: BinaryIO) -> None:
        self._manifest, self._name, self._file = manifest, name, file

    def load(self, kind: str, pieces: Iterable[bytes]) -> None:
        left = self._manifest.database_bytes
        if kind != "database" or self._file.tell():
            raise self._changed(kind)
        for piece in pieces:
            data = unpacked(piece)
            if data is None or len(data) > left:
                raise self._changed(kind)
            left -= len(data)
            self._file.write(data)
        if left:
            raise self._changed(kind)

    def compare(self, file: Path) -> None:
        """Whether the database is intact and has the expected number of rows."""
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as restored:
                (answer,) = restored.execute("PRAGMA quick_check(1)").fetchone()
            if answer != "ok":
                raise self._changed(f"database: {answer}")
            if _counted(file) != self._manifest.tables:
                raise self._changed("tables")
        except sqlite3.DatabaseError as error:
            raise self._changed(f"database: {error}") from error

    def _changed(self, what: str) -> BackupRefused:
        return BackupRefused(Reason.CHANGED, self._name, what)
