"""Password rules, password hashing, and temporary passwords."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    PBKDF2PasswordHasher,
    make_password,
)
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bihuan.orgs.refusals import Busy

# Without 0 and o, 1 and l: the password is read from paper or over the telephone.
_DIGITS = "23456789"
_LETTERS = "abcdefghijkmnpqrstuvwxyz" + _DIGITS
_CHARACTERS = 16


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


class TemporaryHash(PBKDF2PasswordHasher):
    """A quick hash for generated passwords only: their 72 random bits cannot be guessed, whatever
    a hash costs. They expire, and must be changed at the first sign-in.
    """

    algorithm = "pbkdf2_temporary"
    iterations = 1_000

    def verify(self, password: str, encoded: str) -> bool:
        """Take as long for a wrong password as any other account does."""
        is_right = super().verify(password, encoded)
        if not is_right:
            make_password(password)
        return is_right


def hash_temporary(password: str) -> str:
    """Hash a password that `temporary` or `derived` returned."""
    return make_password(password, hasher=TemporaryHash.algorithm)


def is_temporary(encoded: str) -> bool:
    """Whether this is the hash of a generated password."""
    return encoded.startswith(f"{TemporaryHash.algorithm}$")


def is_hash_of(encoded: str, password: str) -> bool:
    """Whether this is the hash of this generated password; quick, as no one is signing in."""
    return is_temporary(encoded) and PBKDF2PasswordHasher.verify(TemporaryHash(), password, encoded)


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
    return _grouped(secrets.token_bytes(_CHARACTERS))


def derived(seed: str, username: str) -> str:
    """Return the password that this installation gives an officer for a seed, so that it can be
    shown again without being stored.
    """
    return _grouped(
        salted_hmac("bihuan.temporary", f"{seed}/{username}", algorithm="sha256").digest()
    )


def _grouped(random: bytes) -> str:
    """Write random bytes as a password; both alphabets have a power of two as their length."""
    characters = [_LETTERS[byte % 32] for byte in random[: _CHARACTERS - 4]]
    characters += [_DIGITS[byte % 8] for byte in random[_CHARACTERS - 4 : _CHARACTERS]]
    return "-".join("".join(characters[at : at + 4]) for at in range(0, _CHARACTERS, 4))
