"""A BagIt folder (RFC 8493) with SHA-256 manifests: written file by file, and verified.

Four small text files next to the folder `data/`: `sha256sum -c manifest-sha256.txt` checks them, as
does every BagIt tool. File names are generated here and contain nothing that users typed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

from bihuan.files.disk import sync_folder

PAYLOAD = "data"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,120})*")
LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class BadBag(Exception):
    """What in the folder differs from its manifests."""


class Bag:
    """The payload as it is written, and the metadata to write at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes = self.files = 0
        self._digests: dict[str, str] = {}
        folder.mkdir(mode=0o700)

    def add(self, name: str, data: bytes) -> str:
        """Add one file to the payload; return its digest."""
        return self.add_pieces(name, [data])

    def add_pieces(self, name: str, pieces: Iterable[bytes]) -> str:
        if not NAME.fullmatch(name) or name in self._digests:
            raise ValueError(f"no name for a file of a package: {name!r}")
        digest = hashlib.sha256()
        with _new(self.folder / PAYLOAD / name) as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
                self.bytes += len(piece)
        self.files += 1
        self._digests[name] = digest.hexdigest()
        return digest.hexdigest()

    def finish(self, about: Mapping[str, str], made: date) -> str:
        """Write the manifests; the digest of the payload manifest identifies the whole."""
        payload = {f"{PAYLOAD}/{name}": each for name, each in self._digests.items()}
        details = {
            **about,
            "Bagging-Date": made.isoformat(),
            "Payload-Oxum": f"{self.bytes}.{self.files}",
        }
        tags = {
            "bagit.txt": DECLARATION,
            "bag-info.txt": "".join(
                f"{name}: {_one_line(text)}\n" for name, text in details.items()
            ),
            MANIFEST: _lines(payload),
        }
        digests = {name: self._write(name, text) for name, text in tags.items()}
        self._write(TAGS, _lines(digests))
        for folder, _, _ in os.walk(self.folder, topdown=False):
            sync_folder(Path(folder))
        return digests[MANIFEST]

    def _write(self, name: str, text: str) -> str:
        data = text.encode()
        with _new(self.folder / name) as out:
            out.write(data)
        return hashlib.sha256(data).hexdigest()


def verified(folder: Path) -> str:
    """Verify a folder and return the digest of its manifest; raise `BadBag` if it was changed."""
    tags = dict(_read_manifest(folder, TAGS))
    if tags.get("bagit.txt") != hashlib.sha256(DECLARATION.encode()).hexdigest():
        raise BadBag("bagit.txt")
    if MANIFEST not in tags:
        raise BadBag(MANIFEST)
    payload = dict(_read_manifest(folder, MANIFEST))
    there = {
        path.relative_to(folder).as_posix()
        for path in (folder / PAYLOAD).rglob("*")
        if not path.is_dir()
    }
    for name in sorted(there ^ payload.keys()):
        raise BadBag(name)
    for name, digest in {**tags, **payload}.items():
        if _digest(folder / name) != digest:
            raise BadBag(name)
    return tags[MANIFEST]


def _read_manifest(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    try:
        text = (folder / name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadBag(name) from error
    for line in text.splitlines():
        found = LINE.fullmatch(line)
        if not found or not NAME.fullmatch(found[2]):
            raise BadBag(name)
        yield found[2], found[1]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """Create a new file, readable by its owner alone, and synced to disk when it is closed."""
    _make_folder(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _make_folder(path: Path) -> None:
    """Create folders for the owner alone, parents included; `parents=True` would give them
    another mode.
    """
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(mode=0o700)


def _lines(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items())


def _one_line(text: str) -> str:
    """Put a value of bag-info on one line; typed text must not be able to start another."""
    return " ".join(text.split())
