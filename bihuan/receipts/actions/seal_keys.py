"""Whether the keys of this installation decrypt the seals, checked without decrypting an identity.

For each key that was ever used there is a probe in the same table: a known text, encrypted with it.
A lost or wrong key does not decrypt its probe. Once a day the key of every seal is unwrapped as
well and checked against the seal's signature; no reporter's data is decrypted.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction

from bihuan.core.refusal import Refusal
from bihuan.journal.actions import record
from bihuan.receipts.actions.seals import AT_ONCE, kept, keys
from bihuan.receipts.models import SealKey

PROBE = b"bihuan: what is sealed here can be opened"
SUBJECT = "installation/seals"
DIGEST_BYTES = 32


class UnknownSealKey(Refusal):
    """No key with that label is missing here."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


@dataclass(frozen=True)
class Unopened:
    """A seal that cannot be decrypted: its key is missing or its row was damaged."""

    seal: int
    is_damaged: bool


def label(key: str) -> str:
    """Return a short name of a key that does not reveal it."""
    return hashlib.sha256(b"bihuan seal key\0" + key.encode()).hexdigest()[:12]


def missing() -> list[SealKey]:
    """Return the keys that sealed something here, are still needed, and are not in the settings."""
    present = {label(key): Fernet(key) for key in settings.SEAL_KEYS}
    needed = SealKey.objects.filter(retired_at=None, lost_at=None).order_by("first_used_at", "pk")
    return [row for row in needed if not _opens(present.get(row.label), row.probe)]


def _opens(key: Fernet | None, probe: str) -> bool:
    try:
        return key is not None and key.decrypt(probe.encode()) == PROBE
    except InvalidToken:
        return False


@transaction.atomic
def note(*, now: datetime) -> int:
    """Create a probe for each key that has none; do nothing while a key is missing."""
    if missing():
        return 0
    return sum(_noted(key, now) for key in settings.SEAL_KEYS)


def _noted(key: str, now: datetime) -> int:
    fields = {"probe": Fernet(key).encrypt(PROBE).decode(), "first_used_at": now}
    row, made = SealKey.objects.get_or_create(label=label(key), defaults=fields)
    if row.retired_at is not None and key == settings.SEAL_KEYS[0]:
        # It is the newest key again, and used for sealing.
        SealKey.objects.filter(pk=row.pk).update(retired_at=None)
    return made


@transaction.atomic
def retire(*, now: datetime) -> None:
    """Retire the older keys after every seal was wrapped by the newest key."""
    newest = label(settings.SEAL_KEYS[0])
    SealKey.objects.filter(retired_at=None).exclude(label=newest).update(retired_at=now)


@transaction.atomic
def give_up(*, label: str, now: datetime) -> None:
    """Declare a key as lost permanently: its seals stay sealed, and everything else continues."""
    row = next((row for row in missing() if row.label == label), None)
    if row is None:
        raise UnknownSealKey(label)
    SealKey.objects.filter(pk=row.pk).update(lost_at=now)
    record(SUBJECT, "give_up_key", by=None, at=now, detail={"key": label})


# ------------------------------------------------------------------------ proof
def prove(*, now: datetime) -> dict[str, int]:
    """Check the key of every seal against its signature; return the number checked and failed."""
    note(now=now)
    count = unreadable = last = 0
    while batch := list(kept().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        count += len(batch)
        unreadable += sum(1 for row in batch if not _holds(row.wrapped_key, row.content))
        last = batch[-1].pk
    return {"seals": count, "unreadable": unreadable}


def unopened() -> Iterator[Unopened]:
    """Yield each seal that fails, and why."""
    for row in kept().order_by("pk").iterator(AT_ONCE):
        if not _holds(row.wrapped_key, row.content):
            is_whole = _is_token(row.wrapped_key) and _is_token(row.content)
            opens = _unwrapped(row.wrapped_key) is not None
            yield Unopened(row.pk, is_damaged=opens or not is_whole)


def _holds(wrapped: str, content: str) -> bool:
    key = _unwrapped(wrapped)
    return key is not None and _is_signed(key, content)


def _unwrapped(wrapped: str) -> bytes | None:
    try:
        return urlsafe_b64decode(keys().decrypt(wrapped.encode()))
    except (InvalidToken, ValueError):
        return None


def _is_signed(key: bytes, content: str) -> bool:
    """Whether the text is unchanged since this key, whose first half signs, encrypted it."""
    try:
        data = urlsafe_b64decode(content)
    except ValueError:
        return False
    signed, signature = data[:-DIGEST_BYTES], data[-DIGEST_BYTES:]
    return hmac.compare_digest(hmac.digest(key[: len(key) // 2], signed, "sha256"), signature)


def _is_token(text: str) -> bool:
    """Whether it has the form of a token; then it was encrypted with another key."""
    try:
        return urlsafe_b64decode(text)[:1] == b"\x80"
    except ValueError:
        return False
