"""Store files as evidence, and remove files without a record."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from bihuan.core.capture import compare_capture
from bihuan.files import disk, documents, photos
from bihuan.files.documents import Document
from bihuan.files.media import EXTENSIONS, neutral_name, photo_type
from bihuan.files.models import StoredFile
from bihuan.files.names import safe_name
from bihuan.files.photos import Photo
from bihuan.files.refusals import FileRefused, Reason
from bihuan.orgs.models import User

# Longer than any request takes between storing bytes and committing their record.
GRACE = timedelta(days=1)
_ENOUGH_TO_RECOGNISE = 8192

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """An upload that passed the checks, ready to be stored."""

    name: str
    content: Photo | Document

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.data).hexdigest()

    @property
    def nameless(self) -> Checked:
        """Return a copy under a neutral name."""
        return replace(self, name=neutral_name(self.content.media_type))


def check(upload: File[bytes]) -> Checked:
    """Check and strip an upload; it uses no database, so call it before a transaction."""
    given = upload.name or ""
    data = _read(upload, given)
    media_type = photo_type(data)
    content = (
        photos.develop(data, media_type, name=given)
        if media_type
        else documents.examine(data, name=given)
    )
    return Checked(safe_name(given, EXTENSIONS[content.media_type]), content)


def store(
    *,
    upload: File[bytes] | Checked,
    actor: User | None,
    now: datetime,
    site: tuple[float, float] | None = None,
    claimed_at: datetime | None = None,
) -> StoredFile:
    """Store a photo or document; of a photo's time and place only whether they match.

    Without an actor it came from the public, and its original name is not kept. The site is
    (latitude, longitude); the claimed time defaults to now. The bytes are on disk before the record
    exists: what a later refusal leaves behind, `discard_orphans` removes.
    """
    checked = upload if isinstance(upload, Checked) else check(upload)
    content = checked.content
    stored = StoredFile(
        kind=StoredFile.Kind.DOCUMENT,
        sha256=checked.sha256,
        media_type=content.media_type,
        size_bytes=len(content.data),
        name=checked.name if actor else neutral_name(content.media_type),
        stored_by=actor,
        stored_at=now,
    )
    if isinstance(content, Photo):
        verdict = compare_capture(content.capture, site=site, claimed_at=claimed_at or now, now=now)
        stored.kind = StoredFile.Kind.PHOTO
        stored.width, stored.height = content.width, content.height
        stored.perceptual_hash = content.perceptual_hash
        stored.capture_place, stored.capture_time = verdict.place, verdict.time
    _keep(stored, content)
    stored.save()
    return stored


def discard(*, stored: Collection[StoredFile], now: datetime) -> None:
    """Delete files that no record refers to; their bytes are deleted with the last record of them.

    Bytes that were stored or reused within the last day may belong to a record that is about to be
    committed; `discard_orphans` checks those later.
    """
    paths = {(each.sha256, path) for each in stored for path in (each.path, each.thumbnail_path)}
    StoredFile.objects.filter(pk__in=[each.pk for each in stored]).delete()

    def remove() -> None:
        named = StoredFile.objects.filter(sha256__in={digest for digest, _ in paths})
        there = set(named.values_list("sha256", flat=True))
        for digest, path in sorted(paths):
            if digest not in there and disk.place(path).exists():
                disk.remove(path, untouched_since=now - GRACE)

    transaction.on_commit(remove)


def discard_orphans(*, now: datetime) -> int:
    """Delete bytes that have been on disk for a day without a record; return the number of
    files.
    """
    cutoff = now - GRACE
    removed = 0
    for path in disk.untouched_since(cutoff):
        digest = PurePosixPath(path).name.partition(".")[0]
        if not StoredFile.objects.filter(sha256=digest).exists():
            removed += disk.remove(path, untouched_since=cutoff)
        else:
            disk.put_back(path)
    return removed


def _read(upload: File[bytes], name: str) -> bytes:
    if not upload.size:
        raise FileRefused(Reason.EMPTY, name=name)
    upload.seek(0)
    is_photo = photo_type(upload.read(_ENOUGH_TO_RECOGNISE)) is not None
    limit = settings.PHOTO_MAX_BYTES if is_photo else settings.DOCUMENT_MAX_BYTES
    if upload.size > limit:
        raise FileRefused(Reason.TOO_LARGE, name=name, limit=limit)
    upload.seek(0)
    data: bytes = upload.read()
    return data


def _keep(stored: StoredFile, content: Photo | Document) -> None:
    try:
        disk.put(stored.path, content.data)
        if isinstance(content, Photo):
            disk.put(stored.thumbnail_path, content.thumbnail)
    except OSError as error:
        logger.exception("%s was not stored", stored.sha256)
        raise FileRefused(Reason.NOT_KEPT, name=stored.name) from error
