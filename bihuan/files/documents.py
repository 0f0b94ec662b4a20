"""Documents, stored byte for byte (signatures depend on it) if they contain no active content."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.files import packages
from bihuan.files.media import MediaType
from bihuan.files.refusals import FileRefused, Reason

_MOST_INFLATED = 300 * 1024 * 1024
_MOST_PARTS = 5000
_MOST_IN_OBJECT_STREAMS = 64 * 1024 * 1024
_ZIP, _ZIP_ENTRY, _PDF, _PDF_END = b"PK\x03\x04", b"PK\x01\x02", b"%PDF-", b"%%EOF"

_TYPE_BY_PART = {"word/document.xml": MediaType.DOCX, "xl/workbook.xml": MediaType.XLSX}
_TYPE_BY_MIMETYPE = {
    MediaType.ODT.encode(): MediaType.ODT,
    MediaType.ODS.encode(): MediaType.ODS,
}


@dataclass(frozen=True)
class Document:
    """A document as it will be stored."""

    data: bytes
    media_type: MediaType


def examine(data: bytes, *, name: str) -> Document:
    """Return the document if its type is accepted; raise `FileRefused` if not."""
    try:
        if data.startswith(_PDF):
            return Document(data, _examined_pdf(data, name))
        if data.startswith(_ZIP):
            return Document(data, _examined_office(data, name))
    except FileRefused:
        raise
    except Exception as error:  # the zip reader raises arbitrary exceptions for a broken directory
        raise FileRefused(Reason.DAMAGED, name=name) from error
    raise FileRefused(Reason.WRONG_TYPE, name=name)


def _examined_office(data: bytes, name: str) -> MediaType:
    if data.count(_ZIP_ENTRY) > _MOST_PARTS:
        raise FileRefused(Reason.DAMAGED, name=name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        media_type = _office_type(archive)
        if media_type is None:
            raise FileRefused(Reason.WRONG_TYPE, name=name)
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefused(Reason.LOCKED, name=name)
        if sum(part.file_size for part in parts) > _MOST_INFLATED:
            raise FileRefused(Reason.TOO_LARGE, name=name, limit=_MOST_INFLATED)
        if packages.is_active(archive):
            raise FileRefused(Reason.ACTIVE, name=name)
    return media_type


def _office_type(archive: zipfile.ZipFile) -> MediaType | None:
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            return _TYPE_BY_MIMETYPE.get(part.read(100))
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _TYPE_BY_PART.items() if part in names), None)


def _pdf_name(name: bytes) -> bytes:
    """Build a pattern of a PDF name, any character of which may be written as # and two digits."""
    return b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (char, char) for char in name)


# A name as short as /JS occurs by chance in compressed bytes, but only together with these if real.
_ACTS = (
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"RichMedia",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
)
_ACTIVE_NAME = re.compile(b"|".join(map(_pdf_name, _ACTS)))
_ENCRYPT = re.compile(_pdf_name(b"Encrypt") + rb"[\s<]")
_OBJECT_STREAM = re.compile(_pdf_name(b"ObjStm"))
_STREAM = re.compile(rb"stream\r?\n")
# The only way in which programs pack object streams; others would hide the names.
_FLATE, _FILTER = _pdf_name(b"FlateDecode"), _pdf_name(b"Filter")
_PACKED = re.compile(_FILTER)
_PLAINLY_PACKED = re.compile(_FILTER + rb"\s*(?:\[\s*" + _FLATE + rb"\s*\]|" + _FLATE + b")")
_PARAMETERS = re.compile(_pdf_name(b"DecodeParms"))


def _examined_pdf(data: bytes, name: str) -> MediaType:
    if _PDF_END not in data[-2048:]:
        raise FileRefused(Reason.DAMAGED, name=name)
    if _ENCRYPT.search(data):
        raise FileRefused(Reason.LOCKED, name=name)
    if any(_ACTIVE_NAME.search(text) for text in (data, *_object_streams(data, name))):
        raise FileRefused(Reason.ACTIVE, name=name)
    return MediaType.PDF


def _object_streams(data: bytes, name: str) -> Iterator[bytes]:
    """Return the contents of compressed object streams, where names are not in plain text."""
    left, looked_through = _MOST_IN_OBJECT_STREAMS, 0
    for start, is_packed in _starts(data, name):
        end = data.find(b"endstream", start)
        looked_through += end - start
        # Nested streams are refused: checking them might never end.
        if end < 0 or looked_through > len(data):
            raise FileRefused(Reason.DAMAGED, name=name)
        inflater = zlib.decompressobj()
        try:
            text = inflater.decompress(memoryview(data)[start:end], left)
        except zlib.error as error:
            if is_packed:
                raise FileRefused(Reason.DAMAGED, name=name) from error
            continue  # it was read with the rest of the file
        left -= len(text)
        if not inflater.eof or left <= 0:
            raise FileRefused(Reason.DAMAGED, name=name)
        yield text


def _starts(data: bytes, name: str) -> Iterator[tuple[int, bool]]:
    """Return where the object streams start, and whether they are compressed."""
    start = 0
    for declared in _OBJECT_STREAM.finditer(data):
        if declared.end() <= start:  # a second time before the same stream
            continue
        found = _STREAM.search(data, declared.end())
        if found is None:
            return
        described = data[max(start, data.rfind(b"obj", start, declared.start())) : found.start()]
        packed = _PACKED.findall(described)
        is_plain = len(packed) == len(_PLAINLY_PACKED.findall(described))
        if not is_plain or _PARAMETERS.search(described):
            raise FileRefused(Reason.ACTIVE, name=name)
        start = found.end()
        yield start, bool(packed)
