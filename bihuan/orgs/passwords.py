"""Password rules, password hashing, and temporary passwords."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.orgs.refusals import Busy

# Without 0 and o, 1 and l: the password is read from paper or over the telephone.
_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_DIGITS = "23456789"


# One hash takes 100 MB, so each process calculates one at a time while at most two others wait. Of
# the four threads of a process, one always remains free for pages.
AT_ONCE, WAITING = 1, 2
PATIENCE_SECONDS = 5.0
_queue = BoundedSemaphore(AT_ONCE + WAITING)
_room = BoundedSemaphore(AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Django's hasher with limited concurrency; raises `Busy` if the wait is too long."""

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


@contextmanager
def _turn() -> Iterator[None]:
    if not _queue.acquire(blocking=False):
        raise Busy
    try:
        if not _room.acquire(timeout=PATIENCE_SECONDS):
            raise Busy
        try:
            yield
        finally:
            _room.release()
    finally:
        _queue.release()


class TwoKindsOfCharacter:
    """Require at least two of: small letters, capitals, digits, other characters (GB/T 22239)."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len({_kind(character) for character in password}) < 2:
            raise ValidationError(self.get_help_text(), code="password_one_kind")

    def get_help_text(self) -> str:
        return _(
            "Use at least two of: lower case letters, capital letters, digits, other characters."
        )


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.islower():
        return "small"
    return "capital" if character.isupper() else "other"


def temporary() -> str:
    """Return a password to hand over on paper: four groups of four characters, 72 bits."""
    groups = ["".join(secrets.choice(_LETTERS + _DIGITS) for _n in range(4)) for _g in range(3)]
    last = "".join(secrets.choice(_DIGITS) for _n in range(4))
    return "-".join([*groups, last])
