"""The pieces in which a database is packed: of a size that is known, so none grows beyond it."""

from __future__ import annotations

import zlib
from gzip import compress

PIECE = 4 * 1024 * 1024
FASTEST = 1
_GZIP = 31


def packed(data: bytes) -> bytes:
    """Compressed, the same each time."""
    return compress(data, FASTEST, mtime=0)


def unpacked(piece: bytes) -> bytes | None:
    """A piece before it was compressed, unless it is none or larger than a piece can be."""
    opened = zlib.decompressobj(_GZIP)
    try:
        data = opened.decompress(piece, PIECE + 1)
    except zlib.error:
        return None
    return data if len(data) <= PIECE and opened.eof and not opened.unused_data else None
