"""Keeping secrets of officers: what has to be read again is encrypted, what is compared is hashed.

Each purpose has a key of its own, derived from `BIHUAN_SECRET_KEY`; what earlier secrets locked
is still read.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

APP_SECRET = "factors.app-secret"  # noqa: S105 - the name of a purpose
RECOVERY = "factors.recovery-code"
HANDLE = "factors.passkey-handle"


class Unreadable(Exception):
    """None of the secrets of this installation opens it."""


def lock(secret: bytes) -> str:
    """The secret of an app as it may be stored."""
    return _fernet().encrypt(secret).decode()


def unlock(locked: str) -> bytes:
    try:
        return _fernet().decrypt(locked.encode())
    except InvalidToken as error:
        raise Unreadable from error


def locked_again(locked: str) -> str:
    """The same under the newest secret."""
    return _fernet().rotate(locked.encode()).decode()


def digest(purpose: str, whose: int, said: str) -> bytes:
    """What is kept of something that is only compared."""
    return _digest(settings.SECRET_KEY, purpose, whose, said)


def every_digest(purpose: str, whose: int, said: str) -> list[bytes]:
    """The same under this and every earlier secret."""
    return [_digest(secret, purpose, whose, said) for secret in _secrets()]


def _digest(secret: str, purpose: str, whose: int, said: str) -> bytes:
    return hmac.digest(_key(secret, purpose), f"{whose}/{said}".encode(), "sha256")


def _fernet() -> MultiFernet:
    keys = (urlsafe_b64encode(_key(secret, APP_SECRET)) for secret in _secrets())
    return MultiFernet([Fernet(key) for key in keys])


def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=f"bihuan.{purpose}".encode())
    return derived.derive(secret.encode())


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
