"""What the container of a workbook really holds, looked at before anything parses it."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bihuan.sheets.limits import Limits
from bihuan.sheets.refusals import SheetFault, SheetRefused

CHUNK = 1 << 16
WORKBOOK_PARTS = ("workbook.xml", "workbook.bin", "content.xml")
ODS_MANIFEST = "META-INF/manifest.xml"
# The record that opens an Excel 97 workbook, and the number of the one that says it is encrypted.
BIFF8_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
FILEPASS = b"\x2f\x00"
XML_SUFFIXES = (".xml", ".rels")


def check_archive(file: BinaryIO, limits: Limits) -> None:
    """Refuse what is not a workbook, inflates too far, lies about its sizes or defines entities."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        raise SheetRefused(SheetFault.DAMAGED) from None
    if len(parts) > limits.entries:
        raise SheetRefused(SheetFault.TOO_MANY_PARTS, parts=len(parts), limit=limits.entries)
    if not any(part.filename.lower().endswith(WORKBOOK_PARTS) for part in parts):
        raise SheetRefused(SheetFault.NOT_A_WORKBOOK)
    budget = limits.inflated_bytes
    if sum(part.file_size for part in parts) > budget:
        raise _too_much(limits)
    for part in parts:
        budget -= _inflate(file, part, limits, budget)
    _check_manifest(file)


def check_compound(file: BinaryIO) -> None:
    """Refuse an encrypted workbook in the container of Excel 97; calamine calls it unknown."""
    content = file.read()
    globals_at = content.find(BIFF8_GLOBALS)
    after = content[globals_at + 20 : globals_at + 22] if globals_at >= 0 else b""
    if "EncryptedPackage".encode("utf-16-le") in content or after == FILEPASS:
        raise SheetRefused(SheetFault.ENCRYPTED)


def _check_manifest(file: BinaryIO) -> None:
    with ZipFile(file) as archive:
        if ODS_MANIFEST in archive.namelist() and b"encryption-data" in archive.read(ODS_MANIFEST):
            raise SheetRefused(SheetFault.ENCRYPTED)


def _inflate(file: BinaryIO, part: ZipInfo, limits: Limits, budget: int) -> int:
    """The bytes that this part inflates to, whatever its header says."""
    if part.flag_bits & 1:
        raise SheetRefused(SheetFault.ENCRYPTED)
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise SheetRefused(SheetFault.DAMAGED)
    _seek_data(file, part)
    size = 0
    for plain in _plain_chunks(file, part):
        if not size and part.filename.lower().endswith(XML_SUFFIXES) and b"<!DOCTYPE" in plain:
            raise SheetRefused(SheetFault.ENTITIES)
        size += len(plain)
        if size > budget:
            raise _too_much(limits)
    if size != part.file_size:
        raise SheetRefused(SheetFault.FALSE_SIZES, part=part.filename[:80])
    return size


def _plain_chunks(file: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    """The part's content, a little at a time, to the end of its data or of what it claims."""
    inflater, left = zlib.decompressobj(-zlib.MAX_WBITS), part.compress_size
    while left > 0 and (packed := file.read(min(left, CHUNK))):
        left -= len(packed)
        if part.compress_type == ZIP_STORED:
            yield packed
            continue
        while packed:
            yield _decompress(inflater, packed)
            packed = inflater.unconsumed_tail
    yield inflater.flush()


def _seek_data(file: BinaryIO, part: ZipInfo) -> None:
    """The local header may name other lengths than the directory does; its own count."""
    file.seek(part.header_offset)
    header = file.read(30)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(part.header_offset + 30 + lengths)


def _decompress(inflater: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return inflater.decompress(data, 16 * CHUNK)
    except zlib.error:
        raise SheetRefused(SheetFault.DAMAGED) from None


def _too_much(limits: Limits) -> SheetRefused:
    return SheetRefused(
        SheetFault.TOO_MUCH_INSIDE, mebibytes=limits.inflated_bytes // (1024 * 1024)
    )
