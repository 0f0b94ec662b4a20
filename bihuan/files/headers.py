"""How large a picture says it is, read from its first bytes by hand: no decoder is asked yet.

Most decoders set memory aside for all of a picture while they open it, so that two kilobytes may
take a gigabyte before anybody has looked at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bihuan.files.media import MediaType

# What opening and shrinking a picture takes at its peak for each pixel, measured and rounded up.
JPEG, PROGRESSIVE, PNG, WEBP, HEIC = 8, 11, 12, 24, 10
MOST_MARKERS = 10_000
MOST_BOXES = 1_000
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_NO_FRAME = {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}


class Unreadable(ValueError):
    """It does not say how large it is."""


@dataclass(frozen=True)
class Header:
    """What a picture says of itself."""

    width: int
    height: int
    # Of memory, for each pixel, until it is small.
    bytes_per_pixel: int
    moves: bool = False

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read(data: bytes, media_type: MediaType) -> Header:
    """The header of a picture of this kind, or `Unreadable`."""
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
    """One of three kinds: with losses, without, or with a canvas around either."""
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
    """What its frame says; a progressive one is held whole before a line of it is drawn."""
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
    """The largest picture in it: tiles and thumbnails say their sizes beside the whole."""
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
