"""An encrypted backup opens with its key, as it was written, and in no other way."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from bihuan.backups.locking import (
    HEADER_BYTES,
    PIECE,
    TAG,
    Locking,
    Source,
    open_source,
    read_key,
)
from bihuan.backups.refusals import BackupRefused, Reason

KEY, OTHER = b"k" * 32, b"o" * 32
LOCKED = PIECE + TAG


def locked(data: bytes, key: bytes = KEY) -> bytes:
    out = BytesIO()
    locking = Locking(out, key)
    for at in range(0, len(data), 100_000):
        locking.write(data[at : at + 100_000])
    locking.finish()
    return out.getvalue()


def opened(path: Path, data: bytes, key: bytes | None = KEY) -> bytes:
    path.write_bytes(data)
    with path.open("rb") as file:
        source: Source = open_source(file, key, "file")
        return source.read(0, source.size)


def refusal(path: Path, data: bytes, key: bytes | None = KEY) -> Reason:
    with pytest.raises(BackupRefused) as refused:
        opened(path, data, key)
    return refused.value.reason


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_locked_opens_with_its_key(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)

    assert opened(tmp_path / "file", locked(data)) == data


def test_a_part_can_be_read_from_anywhere(tmp_path: Path) -> None:
    data, path = os.urandom(3 * PIECE), tmp_path / "file"
    path.write_bytes(locked(data))

    with path.open("rb") as file:
        source = open_source(file, KEY, "file")
        parts = [source.read(at, 1000) for at in (2 * PIECE, 17, PIECE - 500)]

    assert parts == [data[at : at + 1000] for at in (2 * PIECE, 17, PIECE - 500)]


def test_the_same_backup_looks_different_each_time() -> None:
    first, second = locked(b"same"), locked(b"same")

    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]


# What an attacker or a bad disk makes of three pieces.
BODY = HEADER_BYTES
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off after the header": lambda d: d[:BODY],
    "cut off within the header": lambda d: d[: BODY - 1],
    "cut off between pieces": lambda d: d[: BODY + 2 * LOCKED],
    "cut off within a piece": lambda d: d[: BODY + LOCKED + 100],
    "cut off by a byte": lambda d: d[:-1],
    "one byte more": lambda d: d + b"\0",
    "its last piece twice": lambda d: d + d[BODY + 2 * LOCKED :],
    "a piece left out": lambda d: d[:BODY] + d[BODY + LOCKED :],
    "two pieces exchanged": lambda d: (
        d[:BODY] + d[BODY + LOCKED : BODY + 2 * LOCKED] + d[BODY : BODY + LOCKED]
        + d[BODY + 2 * LOCKED :]
    ),
    "a byte changed": lambda d: d[: BODY + 10] + bytes([d[BODY + 10] ^ 1]) + d[BODY + 11 :],
    "the last byte changed": lambda d: d[:-1] + bytes([d[-1] ^ 1]),
    "pieces of another backup under the same key": lambda d: d[:BODY] + locked(b"x")[BODY:],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_does_not_open(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    whole = locked(os.urandom(3 * PIECE))

    assert refusal(tmp_path / "file", change(whole)) is Reason.CHANGED


def test_a_changed_salt_is_another_key(tmp_path: Path) -> None:
    whole = bytearray(locked(b"data"))
    whole[40] ^= 1

    assert refusal(tmp_path / "file", bytes(whole)) is Reason.WRONG_KEY


def test_a_key_and_an_encrypted_backup_belong_together(tmp_path: Path) -> None:
    assert refusal(tmp_path / "file", locked(b"data"), OTHER) is Reason.WRONG_KEY
    assert refusal(tmp_path / "file", locked(b"data"), None) is Reason.NEEDS_KEY
    assert refusal(tmp_path / "file", b"plain" * 100, KEY) is Reason.NOT_ENCRYPTED


# ----------------------------------------------------------------------- keys
def key_file(folder: Path, text: bytes, mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_bytes(text)
    path.chmod(mode)
    return path


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    assert read_key(key_file(tmp_path, urlsafe_b64encode(KEY) + b"\n")) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_none(tmp_path: Path, mode: int) -> None:
    with pytest.raises(BackupRefused) as refused:
        read_key(key_file(tmp_path, urlsafe_b64encode(KEY), mode))

    assert refused.value.reason is Reason.KEY_IS_OPEN


@pytest.mark.parametrize(
    "text", [b"", b"short", b"!" * 44, urlsafe_b64encode(KEY[:31]), urlsafe_b64encode(KEY + b"k")]
)
def test_what_is_no_key_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(BackupRefused) as refused:
        read_key(key_file(tmp_path, text))

    assert refused.value.reason is Reason.NOT_A_KEY
