"""The chunks in which a database is packed, with a known maximum size."""

from __future__ import annotations

import zlib
from gzip import compress

PIECE = 4 * 1024 * 1024
FASTEST = 1
_GZIP = 31


def packed(data: bytes) -> bytes:
    """Compress deterministically."""
    return compress(data, FASTEST, mtime=0)


def unpacked(piece: bytes) -> bytes | None:
    """Decompress a chunk; refuse invalid ones and those beyond the maximum size."""
    opened = zlib.decompressobj(_GZIP)
    try:
        data = opened.decompress(piece, PIECE + 1)
    except zlib.error:
        return None
    return data if len(data) <= PIECE and opened.eof and not opened.unused_data else None
