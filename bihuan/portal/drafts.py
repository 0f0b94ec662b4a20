"""Photos and documents between the steps of a form: checked, and deleted within a day.

They are on disk under a random name. The form carries the signed name, so that without scripts and
sessions no photo has to be chosen twice, and no one can request another person's photo.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing

from bihuan.core.capture import Capture
from bihuan.files import disk
from bihuan.files.actions import Checked
from bihuan.files.documents import Document
from bihuan.files.media import MediaType
from bihuan.files.photos import Photo

FOLDER = "drafts"
LASTS = timedelta(hours=20)
MOST = 9
# Documents are stored as they are; so they are limited more than photos.
MOST_DOCUMENTS, BIGGEST_DOCUMENT = 5, 10 * 1024 * 1024
# The limit for all drafts together; and how long a photo is kept when space is short.
MOST_BYTES = 2 * 1024**3
TIGHT, LASTS_WHEN_TIGHT = 0.75, timedelta(hours=1)
# The part of it beyond which only photos are stored.
FOR_DOCUMENTS = 0.5
SALT = "bihuan.portal.draft"
_PICTURE, _SMALL = "photo", "small"
# What the public may send in addition to photos.
DOCUMENTS = frozenset({MediaType.PDF, MediaType.DOCX})


@dataclass(frozen=True)
class Draft:
    """A photo or document that waits for its report."""

    token: str
    name: str
    media_type: str
    size: tuple[int, int]
    fingerprint: int | None

    @property
    def is_document(self) -> bool:
        return self.media_type in DOCUMENTS

    @property
    def thumbnail(self) -> str:
        """Return the thumbnail as a data URL for the page."""
        data = disk.place(_path(self.token, _SMALL)).read_bytes()
        return f"data:image/webp;base64,{b64encode(data).decode()}"

    def signed(self) -> str:
        said = [self.token, self.name, self.media_type, *self.size, self.fingerprint]
        return signing.dumps(said, salt=SALT, compress=True)

    def checked(self) -> Checked:
        """Return it as if it had just arrived."""
        data = disk.place(_path(self.token, _PICTURE)).read_bytes()
        if self.is_document:
            return Checked(self.name, Document(data, MediaType(self.media_type)))
        width, height = self.size
        photo = Photo(
            data=data,
            media_type=MediaType(self.media_type),
            width=width,
            height=height,
            thumbnail=disk.place(_path(self.token, _SMALL)).read_bytes(),
            perceptual_hash=self.fingerprint,
            capture=Capture(),
        )
        return Checked(self.name, photo)


def keep(checked: Checked) -> Draft:
    """Store it."""
    photo, token = checked.content, secrets.token_hex(16)
    if not isinstance(photo, Photo):
        disk.put(_path(token, _PICTURE), photo.data)
        return Draft(token, checked.name, photo.media_type, (0, 0), None)
    disk.put(_path(token, _PICTURE), photo.data)
    disk.put(_path(token, _SMALL), photo.thumbnail)
    size = (photo.width, photo.height)
    return Draft(token, checked.name, photo.media_type, size, photo.perceptual_hash)


def read(signed: str) -> Draft | None:
    """Return the file that a form names, unless it has expired or was never ours."""
    try:
        token, name, media_type, width, height, print_ = signing.loads(
            signed, salt=SALT, max_age=LASTS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    draft = Draft(token, name, media_type, (width, height), print_)
    return draft if disk.place(_path(token, _PICTURE)).is_file() else None


def drop(draft: Draft) -> None:
    """Delete it."""
    for part in (_PICTURE, _SMALL):
        disk.place(_path(draft.token, part)).unlink(missing_ok=True)


def anonymous(checked: Checked) -> Checked:
    """Return a photo without its name, time and place: a member of the public need not prove
    anything by them.
    """
    if not isinstance(checked.content, Photo):
        return checked.of_public
    return replace(checked.of_public, content=replace(checked.content, capture=Capture()))


@dataclass
class Gathered:
    """The photos and documents of one form: stored ones, and new ones."""

    kept: list[Draft]
    fresh: list[Checked]
    # One that the form names is missing.
    lost: bool
    # There were more than allowed.
    cut: bool
    # There was no space to store some of them.
    full: bool = False
    # There were documents, which this form does not take.
    unfit: bool = False

    def lay_aside(self) -> list[Draft]:
        """Store all of them, and return what the form carries."""
        if self.fresh:
            has_documents = any(not isinstance(each.content, Photo) for each in self.fresh)
            if not has_room(FOR_DOCUMENTS if has_documents else 1):
                self.fresh, self.full = [], True
        self.kept += [keep(checked) for checked in self.fresh]
        self.fresh = []
        return self.kept

    def checked(self) -> list[Checked]:
        return [*(draft.checked() for draft in self.kept), *self.fresh]


def gather(
    signed: Sequence[str],
    dropped: Collection[str],
    came: Sequence[Checked],
    *,
    takes_documents: bool = False,
) -> Gathered:
    """Return the files that a form carries and adds, up to the limit.

    A form may carry what was sent with another one, so documents are refused here as well.
    """
    found = [read(each) for each in signed[:MOST]]
    kept = [draft for draft in found if draft and draft.token not in dropped]
    fitting = [draft for draft in kept if takes_documents or not draft.is_document]
    fresh = _new(came, fitting)
    documents = sum(draft.is_document for draft in fitting)
    fresh_kept = _up_to(MOST - len(fitting), MOST_DOCUMENTS - documents, fresh)
    unfit, cut = len(fitting) < len(kept), len(fresh_kept) < len(fresh)
    return Gathered(fitting, fresh_kept, lost=None in found, cut=cut, unfit=unfit)


def _up_to(most: int, documents: int, came: Sequence[Checked]) -> list[Checked]:
    """Return the first files up to this limit, and of documents up to theirs."""
    left: list[Checked] = []
    for checked in came:
        is_document = not isinstance(checked.content, Photo)
        if len(left) < most and (not is_document or documents > 0):
            left.append(checked)
            documents -= is_document
    return left


def _new(came: Sequence[Checked], kept: Sequence[Draft]) -> list[Checked]:
    """Skip duplicates: after Back, the browser's file input still contains what it sent before."""
    seen = {draft.checked().content.data for draft in kept} if came else set()
    fresh: list[Checked] = []
    for checked in came:
        if checked.content.data not in seen:
            seen.add(checked.content.data)
            fresh.append(checked)
    return fresh


def has_room(part: float = 1) -> bool:
    """Whether more may be stored, in this part of the space."""
    return _bytes_aside() < MOST_BYTES * part


def _bytes_aside() -> int:
    return sum(file.stat().st_size for file in Path(settings.MEDIA_ROOT, FOLDER).glob("*"))


def clear_away(now: datetime) -> int:
    """Delete photos after a day, or after an hour when space is short; return their number."""
    is_tight = _bytes_aside() > TIGHT * MOST_BYTES
    before = (now - (LASTS_WHEN_TIGHT if is_tight else LASTS)).timestamp()
    gone = 0
    for file in Path(settings.MEDIA_ROOT, FOLDER).glob("*"):
        if file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
            gone += file.suffix == f".{_PICTURE}"
    return gone


def _path(token: str, part: str) -> str:
    return f"{FOLDER}/{token}.{part}"
