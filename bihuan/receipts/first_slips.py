"""The receipts of the first releases: lines of text with a signature on the last one.

They are no longer issued. Existing ones remain valid.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bihuan.core import codes
from bihuan.core.deadlines import Due

FORM = "BIHUAN-1"


class BadSlip(Exception):
    """The text is not a slip, or was changed; `why` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_one(text: str) -> bool:
    return text.lstrip().startswith(FORM)


def read(text: str, keys: Mapping[str, str]) -> tuple[str, date, Due | None, str, str]:
    """Return code, day, due day, content digest and key label; raise `BadSlip` if it is not
    valid.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    fields = dict(line.partition(" ")[::2] for line in lines[1:])
    if lines[0] != FORM or tuple(fields) != ("code", "day", "due", "content", "key", "sign"):
        raise BadSlip("form")
    if fields["key"] not in keys:
        raise BadSlip("key")
    try:
        key = Ed25519PublicKey.from_public_bytes(_padded(keys[fields["key"]]))
        key.verify(_decoded(fields["sign"]), "\n".join(lines[:-1]).encode())
        due = None if fields["due"] == "-" else Due.from_text(fields["due"])
        day, code = date.fromisoformat(fields["day"]), codes.normal(fields["code"])
    except (InvalidSignature, BadBase64, ValueError) as error:
        raise BadSlip("signature") from error
    return code, day, due, fields["content"], fields["key"]


def _padded(key: str) -> bytes:
    """Add the padding to a key, which stored keys and JSON Web Keys omit."""
    return urlsafe_b64decode(key + "=" * (-len(key) % 4))


def _decoded(text: str) -> bytes:
    """Decode exactly this text: the last character has unused bits, which must be zero."""
    data = urlsafe_b64decode(text)
    if urlsafe_b64encode(data).decode() != text:
        raise ValueError(text)
    return data
