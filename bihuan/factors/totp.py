"""Time-based codes as shown by authenticator apps (RFC 6238)."""

from __future__ import annotations

import re
import secrets
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

import zxingcpp
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bihuan.core import second_factor

SECRET_BYTES = 20
DIGITS = 6
ISSUER = "bihuan"


@dataclass(frozen=True)
class Picture:
    """A QR code for SVG: the number of modules per side, and the dark modules as a path."""

    size: int
    path: str


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def matching_step(secret: bytes, code: str, *, now: datetime, last: int) -> int | None:
    """Return the time step of the code, unless that step was used already."""
    typed_code, found = code.encode(), None
    for step in second_factor.steps(now, last):
        if bytes_eq(code_at(secret, step).encode(), typed_code):
            found = step
    return found


def code_at(secret: bytes, step: int) -> str:
    return _totp(secret).generate(step * second_factor.STEP_SECONDS).decode()


def typed(text: str) -> str:
    """Normalise a typed code: digits of any width, without the spaces that apps show."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).lower()


def is_code(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def to_type(secret: bytes) -> str:
    """Format the secret in groups of four, to be typed into the app."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(secret: bytes, username: str) -> Picture:
    """Return the secret as a QR code for apps to scan."""
    address = _totp(secret).get_provisioning_uri(username, ISSUER)
    drawn = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
    size, path = re.search(r'width="(\d+)"', drawn), re.search(r'<path d="([^"]+)"', drawn)
    assert size is not None
    assert path is not None
    return Picture(int(size[1]), path[1])


def _totp(secret: bytes) -> TOTP:
    # Supported by every app; for this purpose SHA-1 is as secure as any.
    return TOTP(secret, DIGITS, SHA1(), second_factor.STEP_SECONDS)  # noqa: S303
