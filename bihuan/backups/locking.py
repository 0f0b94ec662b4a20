"""Encrypted backups: chunks of authenticated encryption in a fixed order, with a marked end.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as in age: AES-256-GCM under
a key made for this file alone, and a nonce that counts the chunks and marks the last. A chunk that
is changed, moved, removed or added does not decrypt, and neither does a truncated file, since its
last chunk is not marked.
"""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bihuan.backups.refusals import BackupRefused, Reason

MAGIC = b"bihuan backup, encrypted, format 1\n"
SALT_BYTES = KEY_BYTES = 32
HEADER_BYTES = len(MAGIC) + SALT_BYTES + KEY_BYTES
PIECE = 256 * 1024
TAG = 16
OF_OTHERS = 0o077


class Sink(Protocol):
    """Accepts the bytes of a backup in order."""

    def write(self, data: bytes, /) -> object: ...


class Source(Protocol):
    """Returns the bytes of a backup from any position."""

    size: int

    def read(self, at: int, count: int) -> bytes: ...


def read_key(path: Path) -> bytes:
    """Read the key from this file, which other accounts must not be able to read."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        if mode & OF_OTHERS:
            raise BackupRefused(Reason.KEY_IS_OPEN, str(path), f"{mode:04o}")
        text = file.read(1024).strip()
    try:
        key = urlsafe_b64decode(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BackupRefused(Reason.NOT_A_KEY, str(path))
    return key


class Locking:
    """Encrypts its input chunk by chunk; `finish` marks the end."""

    def __init__(self, out: Sink, key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        self._out, self._cipher = out, AESGCM(_derived(key, salt, b"pieces"))
        self._waiting, self._number = bytearray(), 0
        out.write(MAGIC + salt + _derived(key, salt, b"proof of the key"))

    def write(self, data: bytes) -> None:
        self._waiting += data
        # The last chunk is marked, so one is held until another has come.
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), piece, None))
        self._number += 1


class Plain:
    """A backup without a key."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size

    def read(self, at: int, count: int) -> bytes:
        self._file.seek(at)
        return self._file.read(count)


class Unlocking:
    """Decrypts the chunks of a backup, in any order."""

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        self._file, self._name = file, name
        file.seek(0)
        header = file.read(HEADER_BYTES)
        salt, proof = header[len(MAGIC) : -KEY_BYTES], header[-KEY_BYTES:]
        if len(header) < HEADER_BYTES or header[: len(MAGIC)] != MAGIC:
            raise BackupRefused(Reason.CHANGED, name, "header")
        if not hmac.compare_digest(proof, _derived(key, salt, b"proof of the key")):
            raise BackupRefused(Reason.WRONG_KEY, name)
        self._cipher = AESGCM(_derived(key, salt, b"pieces"))
        body = os.fstat(file.fileno()).st_size - HEADER_BYTES
        self._pieces = -(-body // (PIECE + TAG))
        self.size = body - self._pieces * TAG
        self._open: tuple[int, bytes] = (-1, b"")
        if not self._pieces:
            raise BackupRefused(Reason.CHANGED, name, "header")
        self._piece(self._pieces - 1)  # the last chunk must be marked as such

    def read(self, at: int, count: int) -> bytes:
        found = bytearray()
        while len(found) < count and at < self.size:
            number, offset = divmod(at, PIECE)
            part = self._piece(number)[offset : offset + count - len(found)]
            found += part
            at += len(part)
        return bytes(found)

    def _piece(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(HEADER_BYTES + number * (PIECE + TAG))
            locked = self._file.read(PIECE + TAG)
            nonce = _nonce(number, is_last=number == self._pieces - 1)
            try:
                self._open = number, self._cipher.decrypt(nonce, locked, None)
            except InvalidTag:
                piece = f"piece {number + 1} of {self._pieces}"
                raise BackupRefused(Reason.CHANGED, self._name, piece) from None
        return self._open[1]


def open_source(file: BinaryIO, key: bytes | None, name: str) -> Source:
    """Open a backup for reading; raise an error unless a key is given exactly if it is
    encrypted.
    """
    is_locked = file.read(len(MAGIC)) == MAGIC
    if not is_locked and key is not None:
        raise BackupRefused(Reason.NOT_ENCRYPTED, name)
    if not is_locked:
        return Plain(file)
    if key is None:
        raise BackupRefused(Reason.NEEDS_KEY, name)
    return Unlocking(file, key, name)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt, b"bihuan backup: " + purpose).derive(key)
