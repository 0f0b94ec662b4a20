"""Restore a backup into an empty installation, and verify that it is complete."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from bihuan.backups import manifest as manifests
from bihuan.backups import on_sqlite, unfinished
from bihuan.backups.locking import open_source
from bihuan.backups.making import engine, require_room
from bihuan.backups.manifest import FORMAT, Manifest, NotAManifest
from bihuan.backups.parcel import ABOUT, Member, Parcel
from bihuan.backups.progress import Progress
from bihuan.backups.refusals import BackupRefused, Reason
from bihuan.files import disk
from bihuan.journal import handed_out, queries
from bihuan.journal.queries import Verification

MEDIA = "media"


@dataclass(frozen=True)
class Opened:
    """A backup whose manifest was read and validated."""

    name: str
    parcel: Parcel
    manifest: Manifest

    @property
    def digest(self) -> str:
        """Identifies this backup."""
        return sha256(repr(self.manifest).encode()).hexdigest()


@dataclass(frozen=True)
class Restored:
    """What has been restored."""

    manifest: Manifest
    migrated: int
    journal: Verification
    seconds_verifying: float


@contextmanager
def opened(source: Path, key: bytes | None) -> Iterator[Opened]:
    """Open the backup in this file; its end must be found and its manifest valid."""
    name = str(source)
    with source.open("rb") as file:
        parcel = Parcel(open_source(file, key, name), name)
        try:
            manifest = manifests.read(parcel.manifest)
        except NotAManifest as error:
            raise BackupRefused(Reason.CHANGED, name, f"manifest: {error}") from error
        if manifest.format != FORMAT:
            raise BackupRefused(Reason.OTHER_FORMAT, name, manifest.version)
        yield Opened(name, parcel, manifest)


def look_through(backup: Opened, progress: Progress) -> None:
    """Read all of it and compare it with its lists; nothing is written."""
    manifest = backup.manifest
    progress.begin(manifest.files.bytes + manifest.database_bytes)
    for member in backup.parcel.members():
        for data in member.chunks():
            progress.more(len(data))


def restore(*, backup: Opened, now: datetime, progress: Progress) -> Restored:
    """Restore everything, migrate the schema to this release, and verify the journal."""
    _require_fitting(backup)
    begun = unfinished.found()
    is_loaded = _is_loaded(backup, begun)
    _require_media(begun)
    manifest = backup.manifest
    with unfinished.marked(backup.name, backup.digest, now):
        if not is_loaded:
            _require_room(manifest)
            progress.begin(manifest.files.bytes + manifest.database_bytes)
            _load(backup, progress)
        migrated = _migrate()
        roots = list(handed_out.read(manifest.roots))
        began = time.monotonic()
        found = queries.verify(roots)
        return Restored(manifest, migrated, found, time.monotonic() - began)


# ----------------------------------------------------------------- what is asked
def _require_fitting(backup: Opened) -> None:
    manifest = backup.manifest
    if manifest.engine != engine().ENGINE:
        raise BackupRefused(Reason.OTHER_ENGINE, backup.name, manifest.engine)
    known = MigrationLoader(None).disk_migrations or {}
    if any((app, name) not in known for app, name in manifest.migrations):
        raise BackupRefused(Reason.NEWER_RELEASE, backup.name, manifest.version)


def _is_loaded(backup: Opened, begun: unfinished.Begun | None) -> bool:
    """Whether an earlier restore of this same backup got as far as the database.

    The database is restored last, in one transaction, so if it is there, everything else is too.
    """
    here = engine().what_is_here()
    if not here:
        return False
    if begun is None:
        raise BackupRefused(Reason.NOT_EMPTY, here)
    if begun.digest != backup.digest:
        raise BackupRefused(Reason.OTHER_RESTORE, here, begun.backup)
    return True


def _require_media(begun: unfinished.Begun | None) -> None:
    root = Path(settings.MEDIA_ROOT)
    there = next((path for path in root.rglob("*") if path.is_file()), None)
    if there is not None and begun is None:
        raise BackupRefused(Reason.NOT_EMPTY, str(there))


def _require_room(manifest: Manifest) -> None:
    """Require disk space for the files, and for a database on this machine."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_here = manifest.engine == on_sqlite.ENGINE
    require_room(root, manifest.files.bytes)
    require_room(Path(settings.VAR), manifest.database_bytes if is_here else 0)


# ---------------------------------------------------------------------- loading
def _load(backup: Opened, progress: Progress) -> None:
    """Load tables and files as they come; the database is committed after all of them."""
    left = backup.manifest.files.bytes
    with engine().loading(backup.manifest, backup.name) as loading:
        for kind, members in groupby(backup.parcel.members(), _kind):
            if kind == MEDIA:
                for member in members:
                    left -= member.size
                    if left < 0:
                        raise BackupRefused(Reason.CHANGED, backup.name, member.name)
                    _put_back(member)
                    progress.more(member.size)
            elif kind != ABOUT:
                loading.load(kind, _pieces(members, progress))
        if left:
            raise BackupRefused(Reason.CHANGED, backup.name, MEDIA)
        os.sync()  # all files at once; each individually would take hours


def _kind(member: Member) -> str:
    """Return what a member belongs to: a table, the database, the files, or itself only."""
    first, _, rest = member.name.partition("/")
    return f"{first}/{rest.partition('/')[0]}" if first == "tables" else first


def _pieces(members: Iterator[Member], progress: Progress) -> Iterator[bytes]:
    for member in members:
        yield b"".join(member.chunks())
        progress.more(member.size)


def _put_back(member: Member) -> None:
    target = disk.place(member.name.removeprefix(f"{MEDIA}/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(target, flags, 0o600), "wb") as file:
        file.writelines(member.chunks())


def _migrate() -> int:
    """Migrate the schema of an older release to this one; return the number of migrations."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", verbosity=0)
    return len(plan)
