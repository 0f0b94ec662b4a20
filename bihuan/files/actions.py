"""Store files, attach them to subjects, and remove files without a record."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from bihuan.core.capture import compare_capture
from bihuan.core.masking import masked
from bihuan.core.places import Point
from bihuan.core.refusal import NotAllowed
from bihuan.core.resent import mark_of
from bihuan.files import disk, documents, photos
from bihuan.files.documents import Document
from bihuan.files.media import EXTENSIONS, MediaType, neutral_name, photo_type
from bihuan.files.models import Attachment, StoredFile
from bihuan.files.names import LONGEST, safe_name
from bihuan.files.photos import Photo
from bihuan.files.refusals import FileRefused, Reason
from bihuan.journal.actions import record
from bihuan.journal.models import Chain
from bihuan.orgs.models import User
from bihuan.web import subjects

# Longer than any request takes between storing bytes and committing their record.
GRACE = timedelta(days=1)
_ENOUGH_TO_RECOGNISE = 8192
# The act in the journal of the subject to which files were attached.
ATTACH = "attach"

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

    @property
    def of_public(self) -> Checked:
        """Return a copy as it is kept from the public: a photo under a neutral name, a document
        under its own, masked as the words of the public are.
        """
        return self.nameless if isinstance(self.content, Photo) else self.masked

    @property
    def masked(self) -> Checked:
        """Return a copy whose name is masked, as other words of officers are."""
        stem, _, extension = self.name.rpartition(".")
        return replace(self, name=f"{masked(stem).text}.{extension}"[-LONGEST:])


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
    site: Point | None = None,
    claimed_at: datetime | None = None,
) -> StoredFile:
    """Store a photo or document; of a photo's time and place only whether they match.

    Without an actor it came from the public, and the original name of a photo is not kept. The
    claimed time defaults to now. The bytes are on disk before the record exists: `discard_orphans`
    removes what a later refusal leaves behind.
    """
    checked = upload if isinstance(upload, Checked) else check(upload)
    checked = checked if actor else checked.of_public
    content = checked.content
    stored = StoredFile(
        kind=StoredFile.Kind.DOCUMENT,
        sha256=checked.sha256,
        media_type=content.media_type,
        size_bytes=len(content.data),
        name=checked.name,
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


def store_again(*, stored: StoredFile, actor: User | None, now: datetime) -> StoredFile:
    """Record the same bytes once more, for another subject that keeps them as long as it wants."""
    made = StoredFile()
    for field in StoredFile._meta.concrete_fields:
        if not (field.primary_key or field.generated):
            setattr(made, field.attname, getattr(stored, field.attname))
    made.stored_by, made.stored_at = actor, now
    made.save(force_insert=True)
    return made


@transaction.atomic
def attach(
    *,
    subject: str,
    uploads: Sequence[Checked],
    actor: User,
    now: datetime,
    caption: str = "",
    form_key: UUID | None = None,
) -> list[Attachment]:
    """Attach files to a subject; those that this form has already attached are left out."""
    if not subjects.may_attach(actor, subject, now):
        raise NotAllowed
    # A form that is sent twice at the same time waits here for its first submission.
    list(Chain.objects.select_for_update().filter(subject=subject))
    words, made = masked(caption).text, []
    for upload in uploads:
        mark = mark_of(str(form_key), upload.sha256) if form_key else None
        if mark and Attachment.objects.filter(form_key=mark).exists():
            continue
        row = Attachment(subject=subject, caption=words, form_key=mark)
        row.file = store(upload=upload.masked, actor=actor, now=now)
        row.added_by, row.added_at = actor, now
        row.save()
        made.append(row)
    if made:
        digests = [row.file.sha256 for row in made]
        record(subject, ATTACH, by=actor, at=now, note=words, detail={"files": digests})
    return made


def discard(*, stored: Collection[StoredFile], now: datetime) -> None:
    """Delete files that no record refers to; their bytes are deleted with the last record of them.

    Bytes that were stored or reused within the last day may belong to a record that is about to be
    committed; `discard_orphans` checks those later.
    """
    paths = {(each.sha256, path) for each in stored for path in each.every_path}
    StoredFile.objects.filter(pk__in=[each.pk for each in stored]).delete()

    def remove() -> None:
        named = StoredFile.objects.filter(sha256__in={digest for digest, _ in paths})
        there = set(named.values_list("sha256", flat=True))
        for digest, path in sorted(paths):
            if digest not in there and disk.place(path).exists():
                disk.remove(path, untouched_since=now - GRACE)

    transaction.on_commit(remove)


def turned_thumbnail(*, stored: StoredFile, turns: int) -> str:
    """Return the path of the thumbnail turned by quarters, made at its first use; empty if it
    cannot be made now.
    """
    path = stored.turned_thumbnail_path(turns)
    if not disk.place(path).exists():
        try:
            small = disk.place(stored.thumbnail_path).read_bytes()
            made = photos.develop(small, MediaType.WEBP, name=stored.name, turns=turns)
            disk.put(path, made.thumbnail)
        except FileRefused:  # other photos are being processed
            return ""
        except OSError:
            logger.exception("%s was not turned", stored.sha256)
            return ""
    return path


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
