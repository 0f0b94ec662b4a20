"""Storage of officers' secrets: encrypted if they are read again, hashed if only compared.

Each purpose has its own key, derived from `BIHUAN_SECRET_KEY`; values stored under earlier secret
keys can still be read.
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
    """None of the secret keys of this installation decrypts it."""


def lock(secret: bytes) -> str:
    """Encrypt the secret of an app for storage."""
    return _fernet().encrypt(secret).decode()


def unlock(locked: str) -> bytes:
    try:
        return _fernet().decrypt(locked.encode())
    except InvalidToken as error:
        raise Unreadable from error


def locked_again(locked: str) -> str:
    """Encrypt it again under the newest secret key."""
    return _fernet().rotate(locked.encode()).decode()


def digest(purpose: str, whose: int, text: str) -> bytes:
    """Return the digest of a value that is only compared."""
    return _digest(settings.SECRET_KEY, purpose, whose, text)


def every_digest(purpose: str, whose: int, text: str) -> list[bytes]:
    """Return its digests under the current and every earlier secret key."""
    return [_digest(secret, purpose, whose, text) for secret in _secrets()]


def _digest(secret: str, purpose: str, whose: int, text: str) -> bytes:
    return hmac.digest(_key(secret, purpose), f"{whose}/{text}".encode(), "sha256")


def _fernet() -> MultiFernet:
    keys = (urlsafe_b64encode(_key(secret, APP_SECRET)) for secret in _secrets())
    return MultiFernet([Fernet(key) for key in keys])


def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=f"bihuan.{purpose}".encode())
    return derived.derive(secret.encode())


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
