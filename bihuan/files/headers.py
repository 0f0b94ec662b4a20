"""The declared size of a picture, parsed from its first bytes before any decoder is used.

Most decoders allocate memory for the whole picture when they open it, so that a file of two
kilobytes may take a gigabyte before it can be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bihuan.files.media import MediaType

# Peak memory per pixel for opening and shrinking a picture, measured and rounded up.
JPEG, PROGRESSIVE, PNG, WEBP, HEIC = 8, 11, 12, 24, 10
MOST_MARKERS = 10_000
MOST_BOXES = 1_000
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_NO_FRAME = {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}


class Unreadable(ValueError):
    """The header does not declare a size."""


@dataclass(frozen=True)
class Header:
    """What the header of a picture declares."""

    width: int
    height: int
    # Memory per pixel, in bytes, until it is shrunk.
    bytes_per_pixel: int
    moves: bool = False

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read(data: bytes, media_type: MediaType) -> Header:
    """Parse the header of a picture of this type; raise `Unreadable` if it is malformed."""
    try:
        header = READERS[media_type](data)
    except (IndexError, StopIteration) as error:
        raise Unreadable from error
    if not header.pixels:
        raise Unreadable
    return header


def _number(data: bytes, start: int, length: int, order: str = "big") -> int:
    piece = data[start : start + length]
    if len(piece) < length:
        raise Unreadable
    return int.from_bytes(piece, "big" if order == "big" else "little")


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise Unreadable
    return Header(_number(data, 16, 4), _number(data, 20, 4), PNG)


def _webp(data: bytes) -> Header:
    """Parse one of the three variants: lossy, lossless, or extended with a canvas."""
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (_number(data, at, 3, "little") + 1 for at in (24, 27))
        return Header(width, height, WEBP, moves=bool(data[20] & 2))
    if kind == b"VP8L":
        bits = _number(data, 21, 4, "little")
        return Header((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, WEBP)
    if kind == b"VP8 ":
        width, height = (_number(data, at, 2, "little") & 0x3FFF for at in (26, 28))
        return Header(width, height, WEBP)
    raise Unreadable


def _jpeg(data: bytes) -> Header:
    """Parse the frame header; a progressive picture is decoded in full before its first line."""
    at = 2
    for _ in range(MOST_MARKERS):
        at = data.index(b"\xff", at) if b"\xff" in data[at : at + 65_536] else len(data)
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            cost = PROGRESSIVE if marker in _PROGRESSIVE else JPEG
            return Header(_number(data, at + 6, 2), _number(data, at + 4, 2), cost)
        at += 1 if marker in _STANDALONE or marker == 0 else 1 + _number(data, at + 1, 2)
    raise Unreadable


def _heic(data: bytes) -> Header:
    """Return the largest picture in the file; tiles and thumbnails declare sizes of their own."""
    meta = next(body for name, body in _boxes(data) if name == b"meta")
    sizes: list[tuple[int, int]] = []
    at = meta.find(b"ispe")
    while at >= 0 and len(sizes) < MOST_BOXES:
        sizes.append((_number(meta, at + 8, 4), _number(meta, at + 12, 4)))
        at = meta.find(b"ispe", at + 4)
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return Header(width, height, HEIC)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(MOST_BOXES):
        length, head = _number(data, at, 4), 8
        if length == 1:
            length, head = _number(data, at + 8, 8), 16
        length = length or len(data) - at
        if length < head:
            raise Unreadable
        yield data[at + 4 : at + 8], data[at + head : at + length]
        at += length
    raise Unreadable


READERS: Mapping[MediaType, Callable[[bytes], Header]] = {
    MediaType.JPEG: _jpeg,
    MediaType.PNG: _png,
    MediaType.WEBP: _webp,
    MediaType.HEIC: _heic,
}
