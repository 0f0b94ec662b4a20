"""A stored picture as it is sent when it is turned: its own bytes, and a note of the turn.

Stored pictures have no metadata. The Exif orientation that is added here is what cameras write, so
browsers, viewers and printers turn the picture, and no pixel of it changes.
"""

from __future__ import annotations

import struct
import zlib

from bihuan.files.media import MediaType

# The Exif orientation by quarters to the right.
ORIENTATIONS = (1, 6, 3, 8)
_JPEG_START = b"\xff\xd8"
# The signature and the first chunk of a PNG, which states its size.
_PNG_HEADER = 8 + 25


def turned(data: bytes, media_type: str, turns: int) -> bytes:
    """Return the picture with the note; of a type that has none, as it is."""
    exif = _exif(ORIENTATIONS[turns])
    if media_type == MediaType.JPEG and data.startswith(_JPEG_START):
        body = b"Exif\x00\x00" + exif
        segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        return _JPEG_START + segment + data[len(_JPEG_START) :]
    if media_type == MediaType.PNG:
        return data[:_PNG_HEADER] + _chunk(b"eXIf", exif) + data[_PNG_HEADER:]
    return data


def _exif(orientation: int) -> bytes:
    """Return a TIFF header with one entry: tag 0x112, one short."""
    header = b"II*\x00" + struct.pack("<I", 8)
    entry = struct.pack("<HHIHH", 0x112, 3, 1, orientation, 0)
    return header + struct.pack("<H", 1) + entry + struct.pack("<I", 0)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
