"""The actual content of a workbook's container, checked before it is parsed."""

import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bihuan.sheets.limits import Limits
from bihuan.sheets.refusals import SheetFault, SheetRefused

CHUNK = 1 << 16
WORKBOOK_PARTS = ("workbook.xml", "workbook.bin", "content.xml")
ODS_MANIFEST = "META-INF/manifest.xml"
# The record that opens an Excel 97 workbook, and the number of the record that marks it encrypted.
BIFF8_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
FILEPASS = b"\x2f\x00"
XML_SUFFIXES = (".xml", ".rels")


def check_archive(file: BinaryIO, limits: Limits) -> None:
    """Refuse files that are not workbooks, inflate too far, declare wrong sizes or define
    entities.
    """
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
    """Refuse an encrypted workbook in an Excel 97 container, in either of the two forms."""
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
    """Return the bytes that this part inflates to, whatever its header declares."""
    if part.flag_bits & 1:
        raise SheetRefused(SheetFault.ENCRYPTED)
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise SheetRefused(SheetFault.DAMAGED)
    size = 0
    for plain in plain_content(file, part):
        if not size and part.filename.lower().endswith(XML_SUFFIXES) and b"<!DOCTYPE" in plain:
            raise SheetRefused(SheetFault.ENTITIES)
        size += len(plain)
        if size > budget:
            raise _too_much(limits)
    if size != part.file_size:
        raise SheetRefused(SheetFault.FALSE_SIZES, part=part.filename[:80])
    return size


def plain_content(file: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    """Yield the part's content in chunks, up to the end of its data or its declared size."""
    at = _data_at(file, part)
    inflater, left = zlib.decompressobj(-zlib.MAX_WBITS), part.compress_size
    while left > 0 and (packed := os.pread(file.fileno(), min(left, CHUNK), at)):
        left -= len(packed)
        at += len(packed)
        if part.compress_type == ZIP_STORED:
            yield packed
            continue
        while packed:
            yield _decompress(inflater, packed)
            packed = inflater.unconsumed_tail
    yield inflater.flush()


def _data_at(file: BinaryIO, part: ZipInfo) -> int:
    """Return where the part's data begins: its local header may be longer than the one in the
    directory.
    """
    header = os.pread(file.fileno(), 30, part.header_offset)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return part.header_offset + 30 + lengths


def _decompress(inflater: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return inflater.decompress(data, 16 * CHUNK)
    except zlib.error:
        raise SheetRefused(SheetFault.DAMAGED) from None


def _too_much(limits: Limits) -> SheetRefused:
    return SheetRefused(
        SheetFault.TOO_MUCH_INSIDE, mebibytes=limits.inflated_bytes // (1024 * 1024)
    )
