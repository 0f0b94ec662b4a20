"""Make a backup: a snapshot of the database, then the files that its records refer to."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import shutil
import stat
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from types import ModuleType
from typing import IO, BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from bihuan.backups import on_postgresql, on_sqlite, wording
from bihuan.backups.locking import Locking
from bihuan.backups.manifest import NAMED, Files, Manifest
from bihuan.backups.parcel import ABOUT, Packing
from bihuan.backups.progress import Progress
from bihuan.backups.refusals import BackupRefused, Reason
from bihuan.files import disk
from bihuan.files.disk import sync_folder
from bihuan.files.media import EXTENSIONS, MediaType
from bihuan.files.models import StoredFile, path_of
from bihuan.journal import handed_out
from bihuan.journal.models import Anchor

PARTIAL = ".part"
# The number of roots in the manifest, newest first: those of three days.
ROOTS = 72
AT_A_TIME = 2000
THUMBNAIL = "thumbnail.webp"
README = (
    "A backup of bihuan. `bihuan restore` puts it back. By hand: each table is the rows of "
    "PostgreSQL's COPY in its text format (cat tables/NAME/*.gz | gunzip), the database of SQLite "
    "one file (cat database/*.gz | gunzip), and manifest.json says which columns there are."
)


@dataclass(frozen=True)
class Made:
    """What was written."""

    file: Path
    bytes: int
    manifest: Manifest


def engine() -> ModuleType:
    return on_postgresql if connection.vendor == on_postgresql.ENGINE else on_sqlite


def back_up(*, out: Path, key: bytes | None, now: datetime, progress: Progress) -> Made:
    """Write everything into one new file, encrypted if there is a key."""
    require_own_key(key)
    with _written(out) as file:
        sink = Locking(file, key) if key is not None else file
        packing = Packing(sink)
        about = {"readme": README, "version": version("bihuan"), "made_at": now.isoformat()}
        packing.add(ABOUT, json.dumps(about, indent=1).encode())
        with TemporaryFile("w+", dir=out.parent) as names:
            with engine().taken() as taken:
                expected = _note_files(names, taken.using)
                require_room(out.parent, taken.bytes + expected)
                progress.begin(taken.bytes + expected)
                if taken.strangers:
                    progress.say(wording.strangers(taken.strangers))
                manifest = _described(taken, packing, now, progress)
            names.seek(0)
            manifest = replace(manifest, files=_pack_files(packing, names, progress))
        packing.finish(manifest.as_json())
        if isinstance(sink, Locking):
            sink.finish()
    return Made(out, out.stat().st_size, manifest)


def require_own_key(key: bytes | None) -> None:
    """Refuse a backup key that can also unseal: anyone with the backup could then unseal
    identities.
    """
    if key is not None and any(
        hmac.compare_digest(key, urlsafe_b64decode(each)) for each in settings.SEAL_KEYS
    ):
        raise BackupRefused(Reason.SEAL_KEY)


def require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupRefused(Reason.NO_ROOM, str(folder), f"{free >> 20} < {needed >> 20} MiB")


def require_schema() -> None:
    """Refuse a database of another release: its tables differ from those queried here."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    newer = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations or {})
    ours = executor.loader.migrated_apps
    for app, name in (*((each.app_label, each.name) for each, _ in missing), *newer):
        if app in ours:
            raise BackupRefused(Reason.NOT_MIGRATED, f"{app} {name}")


@contextmanager
def _written(out: Path) -> Iterator[BinaryIO]:
    """Write to a temporary file next to it, which is renamed once all of it is on disk."""
    _require_new(out)
    partial = out.with_name(out.name + PARTIAL)
    opened = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(Reason.BUSY, str(partial)) from error
        os.fchmod(file.fileno(), stat.S_IRUSR | stat.S_IWUSR)
        file.truncate(0)  # left by an interrupted backup
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _require_new(out)
            os.rename(partial, out)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    sync_folder(out.parent)


def _require_new(out: Path) -> None:
    if out.exists() or out.is_symlink():
        raise BackupRefused(Reason.EXISTS, str(out))


def _described(
    taken: on_postgresql.PostgresSnapshot | on_sqlite.SqliteSnapshot,
    packing: Packing,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Describe the database and its content, once it is packed."""
    newest = Anchor.objects.using(taken.using).order_by("-until_at")[:ROOTS]
    recorder = MigrationRecorder(connection)
    return Manifest(
        version=version("bihuan"),
        made_at=now.isoformat(timespec="seconds"),
        engine=engine().ENGINE,
        server=taken.server,
        migrations=sorted([app, name] for app, name in recorder.applied_migrations()),
        roots=[handed_out.line(anchor) for anchor in reversed(newest)],
        sequences=taken.sequences,
        database_bytes=taken.bytes,
        tables=taken.pack(packing, progress.more),
        files=Files(),
    )


# --------------------------------------------------------------------- files
def _note_files(names: IO[str], using: str) -> int:
    """Note which files the records refer to; return their total size in bytes."""
    found = (
        StoredFile.objects.using(using)
        .values_list("sha256", "media_type", "kind")
        .order_by("sha256", "media_type")
        .distinct()
    )
    size = 0
    for digest, media_type, kind in found.iterator(AT_A_TIME):
        parts = [EXTENSIONS[MediaType(media_type)]]
        parts += [THUMBNAIL] if kind == StoredFile.Kind.PHOTO else []
        for path in (path_of(digest, part) for part in parts):
            names.write(f"{path}\n")
            try:
                size += disk.place(path).stat().st_size
            except FileNotFoundError:
                continue  # reported when it is read, if it is still missing
    return size


@dataclass
class _Tally:
    count: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def _pack_files(packing: Packing, names: IO[str], progress: Progress) -> Files:
    tally, before = _Tally(), ""
    for line in names:
        # There is one line for each file type stored with the same bytes.
        if line != before:
            _pack_file(packing, line.strip(), tally, progress)
        before = line
    gone = [path for path in tally.missing if _is_named(path)]
    named = [*gone, *tally.damaged]
    for path in named[:NAMED]:
        progress.say(path)
    return Files(tally.count, tally.bytes, len(gone), len(tally.damaged), named[:NAMED])


def _pack_file(packing: Packing, path: str, tally: _Tally, progress: Progress) -> None:
    try:
        file = disk.place(path).open("rb")
    except FileNotFoundError:
        tally.missing.append(path)
        return
    with file:
        size = os.fstat(file.fileno()).st_size
        digest = packing.add_file(f"media/{path}", file, size)
    if not path.endswith(THUMBNAIL) and not Path(path).name.startswith(f"{digest}."):
        tally.damaged.append(path)
    tally.count, tally.bytes = tally.count + 1, tally.bytes + size
    progress.more(size)


def _is_named(path: str) -> bool:
    """Whether a record still refers to it; it may have been deleted since the snapshot, with its
    bytes.
    """
    return StoredFile.objects.filter(sha256=Path(path).name.partition(".")[0]).exists()
