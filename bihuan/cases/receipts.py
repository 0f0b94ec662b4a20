"""The receipt that proves a report: a slip of text, signed, that anybody can check offline."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from bihuan.core import codes
from bihuan.core.deadlines import Due

FORM = "BIHUAN-1"


class BadSlip(Exception):
    """The text is not a slip, or was changed; `why` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Slip:
    """What the receipt says. `due` is empty where nothing is owed by a day."""

    code: str
    day: date
    due: Due | None
    content: str
    key: str

    def lines(self) -> list[str]:
        due = self.due.in_text() if self.due else "-"
        return [
            FORM,
            f"code {codes.written(self.code)}",
            f"day {self.day.isoformat()}",
            f"due {due}",
            f"content {self.content}",
            f"key {self.key}",
        ]


def content_digest(said: Mapping[str, object], files: Iterable[str]) -> str:
    """What was said and the digests of its photos, in one digest that both sides keep."""
    content = json.dumps([dict(said), sorted(files)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def signed(*, code: str, day: date, due: Due | None, content: str) -> str:
    """The slip as text, its signature on the last line."""
    lines = Slip(code, day, due, content, label()).lines()
    signature = _private(settings.SECRET_KEY).sign("\n".join(lines).encode())
    return "\n".join([*lines, f"sign {urlsafe_b64encode(signature).decode()}"])


def read(text: str, keys: Mapping[str, str]) -> Slip:
    """The slip if it is as it was signed by one of these keys (label to key), else `BadSlip`."""
    lines = [line.strip() for line in text.strip().splitlines()]
    said = dict(line.partition(" ")[::2] for line in lines[1:])
    wanted = ("code", "day", "due", "content", "key", "sign")
    if not lines or lines[0] != FORM or tuple(said) != wanted:
        raise BadSlip("form")
    if said["key"] not in keys:
        raise BadSlip("key")
    try:
        key = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(keys[said["key"]]))
        key.verify(_decoded(said["sign"]), "\n".join(lines[:-1]).encode())
        due = None if said["due"] == "-" else Due.from_text(said["due"])
        day, code = date.fromisoformat(said["day"]), codes.normal(said["code"])
    except (InvalidSignature, BadBase64, ValueError) as error:
        raise BadSlip("signature") from error
    return Slip(code, day, due, said["content"], said["key"])


def published(keys: Mapping[str, str]) -> dict[str, object]:
    """The keys as they are given out, to be read again by `bihuan receipt check`."""
    return {"form": FORM, "keys": dict(keys)}


def _decoded(text: str) -> bytes:
    """The bytes that this very text stands for: the last character has bits that say nothing."""
    data = urlsafe_b64decode(text)
    if urlsafe_b64encode(data).decode() != text:
        raise ValueError(text)
    return data


def label() -> str:
    """The short name of the key that signs now."""
    return hashlib.sha256(public_key().encode()).hexdigest()[:8]


def public_key() -> str:
    raw = _private(settings.SECRET_KEY).public_key()
    encoded = raw.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return urlsafe_b64encode(encoded).decode()


@cache
def _private(secret: str) -> Ed25519PrivateKey:
    seed = hashlib.sha256(b"bihuan receipts\x00" + secret.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
