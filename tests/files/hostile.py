"""Files as people and attackers send them, made on the spot."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

IMAGES = Path(__file__).resolve().parent.parent / "data" / "hostile_inputs" / "images"
WORD_PARTS = ("[Content_Types].xml", "word/document.xml")


def oracle(name: str) -> bytes:
    return (IMAGES / name).read_bytes()


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of this kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scene(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with something in it."""
    with Image.open(IMAGES / "DSCN0010.jpg") as image:
        return image.convert("RGB").resize(size)


def png_header_of(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds next to nothing."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
        for kind, body in chunks
    )


def webp_header_of(width: int, height: int) -> bytes:
    """A WebP without losses that claims this size and holds next to nothing."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + bits.to_bytes(4, "little") + bytes(2000)
    chunk = b"VP8L" + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def archive(
    *parts: str, mimetype: str = "", inflated: int = 10, said: dict[str, str] | None = None
) -> bytes:
    """A zip file with these parts, each of so many bytes, and with these that say something."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        if mimetype:
            packed.writestr("mimetype", mimetype)
        for part in parts:
            empty = b"<Types/>" if part == "[Content_Types].xml" else b""
            packed.writestr(part, empty + b" " * inflated)
        for part, text in (said or {}).items():
            packed.writestr(part, text)
    return out.getvalue()


def pdf(extra: bytes = b"", *, in_object_stream: bytes = b"") -> bytes:
    """A small PDF with something more in it."""
    packed = zlib.compress(in_object_stream)
    return (
        b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
        + extra
        + b"\n3 0 obj <</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode>>\nstream\r\n"
        + packed
        + b"\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    )


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)
