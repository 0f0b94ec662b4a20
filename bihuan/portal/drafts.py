"""Photos between the steps of a form: checked, stripped, and gone within a day.

They lie on disk under a random name. The form carries the signed name, so that without a script
and without a session nobody has to choose a photo twice, and nobody can ask for another's.
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
from bihuan.files.media import MediaType
from bihuan.files.photos import Photo

FOLDER = "drafts"
LASTS = timedelta(hours=20)
MOST = 9
# All that may lie aside, of everybody together; and how long a photo stays when it gets tight.
MOST_BYTES = 2 * 1024**3
TIGHT, LASTS_WHEN_TIGHT = 0.75, timedelta(hours=1)
SALT = "bihuan.portal.draft"
_PICTURE, _SMALL = "photo", "small"


@dataclass(frozen=True)
class Draft:
    """A photo that waits for its report."""

    token: str
    name: str
    media_type: str
    size: tuple[int, int]
    fingerprint: int | None

    @property
    def thumbnail(self) -> str:
        """The small picture, to stand in the page itself."""
        data = disk.place(_path(self.token, _SMALL)).read_bytes()
        return f"data:image/webp;base64,{b64encode(data).decode()}"

    def signed(self) -> str:
        said = [self.token, self.name, self.media_type, *self.size, self.fingerprint]
        return signing.dumps(said, salt=SALT, compress=True)

    def checked(self) -> Checked:
        """The photo as if it had just arrived."""
        width, height = self.size
        photo = Photo(
            data=disk.place(_path(self.token, _PICTURE)).read_bytes(),
            media_type=MediaType(self.media_type),
            width=width,
            height=height,
            thumbnail=disk.place(_path(self.token, _SMALL)).read_bytes(),
            perceptual_hash=self.fingerprint,
            capture=Capture(),
        )
        return Checked(self.name, photo)


def keep(checked: Checked) -> Draft:
    """Lay a photo aside."""
    photo, token = checked.content, secrets.token_hex(16)
    assert isinstance(photo, Photo)
    disk.put(_path(token, _PICTURE), photo.data)
    disk.put(_path(token, _SMALL), photo.thumbnail)
    size = (photo.width, photo.height)
    return Draft(token, checked.name, photo.media_type, size, photo.perceptual_hash)


def read(signed: str) -> Draft | None:
    """The photo that a form names, unless its time is over or it never was ours."""
    try:
        token, name, media_type, width, height, print_ = signing.loads(
            signed, salt=SALT, max_age=LASTS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    draft = Draft(token, name, media_type, (width, height), print_)
    return draft if disk.place(_path(token, _PICTURE)).is_file() else None


def drop(draft: Draft) -> None:
    """Leave nothing of it."""
    for part in (_PICTURE, _SMALL):
        disk.place(_path(draft.token, part)).unlink(missing_ok=True)


def anonymous(checked: Checked) -> Checked:
    """Without its name, and without time and place of the shot: a member of the public has
    nothing to prove by them."""
    assert isinstance(checked.content, Photo)
    return replace(checked.nameless, content=replace(checked.content, capture=Capture()))


@dataclass
class Gathered:
    """The photos of one form: those that were laid aside, and those that just came."""

    kept: list[Draft]
    fresh: list[Checked]
    # One that the form names is gone.
    lost: bool
    # There were more than it may have.
    cut: bool
    # There was no room to lay some of them aside.
    full: bool = False

    def lay_aside(self) -> list[Draft]:
        """All of them, to be carried on by the form."""
        if self.fresh and not has_room():
            self.fresh, self.full = [], True
        self.kept += [keep(checked) for checked in self.fresh]
        self.fresh = []
        return self.kept

    def checked(self) -> list[Checked]:
        return [*(draft.checked() for draft in self.kept), *self.fresh]


def gather(signed: Sequence[str], dropped: Collection[str], came: Sequence[Checked]) -> Gathered:
    """What a form carries and brings, up to as many as it may have."""
    found = [read(each) for each in signed[:MOST]]
    kept = [draft for draft in found if draft and draft.token not in dropped]
    fresh = _new(came, kept)
    room = MOST - len(kept)
    return Gathered(kept, fresh[:room], lost=None in found, cut=len(fresh) > room)


def _new(came: Sequence[Checked], kept: Sequence[Draft]) -> list[Checked]:
    """Each photo once: after Back, the browser's own control still holds what it sent before."""
    seen = {_picture(draft.checked()) for draft in kept} if came else set()
    fresh: list[Checked] = []
    for checked in came:
        if _picture(checked) not in seen:
            seen.add(_picture(checked))
            fresh.append(checked)
    return fresh


def _picture(checked: Checked) -> bytes:
    assert isinstance(checked.content, Photo)
    return checked.content.data


def has_room() -> bool:
    """Whether more may be laid aside."""
    return _bytes_aside() < MOST_BYTES


def _bytes_aside() -> int:
    return sum(file.stat().st_size for file in Path(settings.MEDIA_ROOT, FOLDER).glob("*"))


def clear_away(now: datetime) -> int:
    """Remove what has waited for a day, or for an hour when it gets tight; how many photos went."""
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
