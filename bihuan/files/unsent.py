"""Drafts: forms that are not sent yet, stored so that each of their steps has an address.

A draft is encrypted on disk. The address identifies it and a cookie for this address alone decrypts
it: neither the disk nor the address reveals anything without the other, and knowing the address
alone allows neither reading nor replacing it. It is deleted once it is sent or discarded, and at
the latest two hours after the last step.
"""

from __future__ import annotations

import json
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from bihuan.files import disk

FOLDER = "unsent"
LASTS = timedelta(hours=2)
# More than all fields of a form at their maximum length; larger drafts are not stored.
BIGGEST = 120_000
SALT = "bihuan.files.unsent"
COOKIE = "bihuan_unsent"
_NAME = re.compile(r"[0-9a-f]{32}")
Words = dict[str, list[str]]


@dataclass(frozen=True)
class UnsentForm:
    """The values entered, by field, and further data about the draft."""

    words: Words
    messages: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Unsent:
    """One draft under one secret; under another secret it cannot be read."""

    name: str
    secret: str

    @property
    def is_ours(self) -> bool:
        return _NAME.fullmatch(self.name) is not None

    def keep(self, unsent: UnsentForm, now: datetime) -> bool:
        """Store the draft in place of the previous version, unless it is too large."""
        data = json.dumps([unsent.words, list(unsent.messages)]).encode()
        if len(data) > BIGGEST:
            return False
        locked = self._key.encrypt_at_time(data, int(now.timestamp()))
        disk.replace(self._path, locked)
        return True

    def read(self, now: datetime) -> UnsentForm | None:
        """Return the draft under this secret, if it has not expired."""
        try:
            locked = disk.place(self._path).read_bytes()
            ttl, at = int(LASTS.total_seconds()), int(now.timestamp())
            words, messages = json.loads(self._key.decrypt_at_time(locked, ttl, at))
        except (FileNotFoundError, InvalidToken):
            return None
        return UnsentForm(words, [(field, text) for field, text in messages])

    def drop(self) -> None:
        """Delete the draft."""
        disk.place(self._path).unlink(missing_ok=True)

    @property
    def _path(self) -> str:
        return f"{FOLDER}/{self._made('.file').hex()[:32]}"

    @property
    def _key(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self._made("")))

    def _made(self, part: str) -> bytes:
        text = f"{self.name}/{self.secret}"
        return salted_hmac(SALT + part, text, algorithm="sha256").digest()


def new_name() -> str:
    return secrets.token_hex(16)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def clear_away(now: datetime) -> int:
    """Delete expired drafts; return their number."""
    before = (now - LASTS).timestamp()
    gone = 0
    for file in Path(settings.MEDIA_ROOT, FOLDER).glob("*"):
        if file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
