"""The file format of a backup: a tar archive, so that `tar` can open it in twenty years' time.

After every thousand members there is a list with the size and digest of each. The manifest is the
last member, and its position is at a fixed place at the end. So the content of a backup is
known before any of it is restored. Reading accepts exactly what is written here: plain files with
these names, of these sizes, in this order.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import BinaryIO

from bihuan.backups.locking import Sink, Source
from bihuan.backups.refusals import BackupRefused, Reason

BLOCK = 512
CLOSING = bytes(2 * BLOCK)
LISTED = 1000
CHUNK = 1024 * 1024
ABOUT, MANIFEST, END = "about.json", "manifest.json", "end.json"
END_BYTES = BLOCK + BLOCK + len(CLOSING)
MOST_MANIFEST = 16 * CHUNK
# The allowed members, and the maximum size of each.
_FOLDED = r"(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P=a)(?P=b)[0-9a-f]{60}"
_ENDINGS = r"jpg|png|webp|pdf|docx|xlsx|odt|ods|thumbnail\.webp"
KINDS = {
    re.compile(r"about\.json"): CHUNK,
    re.compile(r"tables/[a-z0-9_]{1,63}/\d{6}\.gz"): 8 * CHUNK,
    re.compile(r"database/\d{6}\.gz"): 8 * CHUNK,
    re.compile(rf"media/{_FOLDED}\.({_ENDINGS})"): 64 * CHUNK,
    re.compile(r"lists/\d{6}\.jsonl"): CHUNK,
}
_LIST = re.compile(r"lists/")


@dataclass(frozen=True)
class Listed:
    """One member as a list names it."""

    name: str
    size: int
    sha256: str

    @property
    def line(self) -> bytes:
        return json.dumps([self.name, self.size, self.sha256]).encode() + b"\n"


# ------------------------------------------------------------------- writing
class Packing:
    """Writes member after member; `finish` writes the manifest."""

    def __init__(self, out: Sink) -> None:
        self._out, self._at = out, 0
        self._waiting: list[Listed] = []
        self._lists, self._numbers = sha256(), count(1)

    def add(self, name: str, data: bytes) -> None:
        self._put(name, data)
        self._note(Listed(name, len(data), _digest(data)))

    def add_file(self, name: str, file: BinaryIO, size: int) -> str:
        """Add a file; return its digest, as it was read."""
        digest, left = sha256(), size
        self._write(_header(name, size))
        while left:
            data = file.read(min(left, CHUNK))
            if not data:
                raise BackupRefused(Reason.CHANGED, name)
            digest.update(data)
            self._write(data)
            left -= len(data)
        self._write(_padding(size))
        self._note(Listed(name, size, digest.hexdigest()))
        return digest.hexdigest()

    def finish(self, manifest: dict[str, object]) -> None:
        self._list()
        at = self._at
        data = json.dumps({**manifest, "lists": self._lists.hexdigest()}, indent=1).encode()
        self._put(MANIFEST, data)
        end = {"at": at, "size": len(data), "sha256": _digest(data)}
        self._put(END, json.dumps(end).encode().ljust(BLOCK))
        self._write(CLOSING)

    def _note(self, listed: Listed) -> None:
        self._waiting.append(listed)
        if len(self._waiting) == LISTED:
            self._list()

    def _list(self) -> None:
        if self._waiting:
            data = b"".join(each.line for each in self._waiting)
            self._lists.update(data)
            self._put(f"lists/{next(self._numbers):06}.jsonl", data)
            self._waiting.clear()

    def _put(self, name: str, data: bytes) -> None:
        self._write(_header(name, len(data)) + data + _padding(len(data)))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.USTAR_FORMAT)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


# ------------------------------------------------------------------- reading
class Parcel:
    """A backup being read: its manifest first, then each member in order."""

    def __init__(self, source: Source, name: str) -> None:
        self._source, self._name = source, name
        at = source.size - END_BYTES
        if at < 0 or source.read(source.size - len(CLOSING), len(CLOSING)) != CLOSING:
            raise self._changed("its end")
        end = self._parsed(self._read(at + BLOCK, BLOCK), END)
        if self._member(at) != (END, BLOCK):
            raise self._changed(END)
        size = end.get("size")
        if not isinstance(size, int) or not 0 < size <= MOST_MANIFEST:
            raise self._changed(END)
        self._ends_at = at - BLOCK - size - len(_padding(size))
        if self._ends_at < 0 or end.get("at") != self._ends_at:
            raise self._changed(END)
        data = self._read(self._ends_at + BLOCK, size)
        if self._member(self._ends_at) != (MANIFEST, size) or _digest(data) != end.get("sha256"):
            raise self._changed(MANIFEST)
        self.manifest = self._parsed(data, MANIFEST)

    def members(self) -> Iterator[Member]:
        """Yield the members in order. Each must be read to its end before the next."""
        at, waiting, lists = 0, list[Listed](), sha256()
        while at < self._ends_at:
            name, size = self._member(at)
            limit = next((most for kind, most in KINDS.items() if kind.fullmatch(name)), 0)
            following = at + BLOCK + size + len(_padding(size))
            if size > limit or following > self._ends_at:
                raise self._changed(name)
            member = Member(name, size, self, at + BLOCK)
            if _LIST.match(name):
                self._compare(member, waiting)
                lists.update(b"".join(each.line for each in waiting))
                waiting.clear()
            else:
                yield member
                waiting.append(Listed(name, size, member.digest()))
            at = following
        if waiting or lists.hexdigest() != self.manifest.get("lists"):
            raise self._changed("lists")

    def _compare(self, listing: Member, seen: list[Listed]) -> None:
        """Report the first member that differs from its list."""
        lines = b"".join(listing.chunks()).splitlines(keepends=True)
        for line, each in zip(lines, seen, strict=False):
            if line != each.line:
                raise self._changed(each.name)
        if len(lines) != len(seen):
            raise self._changed(listing.name)

    def _member(self, at: int) -> tuple[str, int]:
        """Return the name and size from a header; refuse anything but a plain file."""
        try:
            found = tarfile.TarInfo.frombuf(self._read(at, BLOCK), "ascii", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            raise self._changed(f"byte {at}") from error
        if found.type != tarfile.REGTYPE or found.size < 0:
            raise self._changed(found.name)
        return found.name, found.size

    def _read(self, at: int, count: int) -> bytes:
        data = self._source.read(at, count)
        if len(data) != count:
            raise self._changed(f"byte {at + len(data)}")
        return data

    def _parsed(self, data: bytes, name: str) -> dict[str, object]:
        try:
            found = json.loads(data)
        except ValueError as error:
            raise self._changed(name) from error
        if not isinstance(found, dict):
            raise self._changed(name)
        return found

    def _changed(self, what: str) -> BackupRefused:
        return BackupRefused(Reason.CHANGED, self._name, what)


class Member:
    """One file in a backup."""

    def __init__(self, name: str, size: int, parcel: Parcel, at: int) -> None:
        self.name, self.size = name, size
        self._parcel, self._at, self._left = parcel, at, size
        self._digest = sha256()

    def chunks(self) -> Iterator[bytes]:
        """Yield the part that was not read yet."""
        while self._left:
            data = self._parcel._read(self._at, min(self._left, CHUNK))
            self._at, self._left = self._at + len(data), self._left - len(data)
            self._digest.update(data)
            yield data

    def digest(self) -> str:
        """Return the digest of the whole file, once it was read to its end."""
        for _ in self.chunks():
            pass
        return self._digest.hexdigest()
