"""The accepted types of evidence files, recognised by content and never by name."""

from enum import StrEnum

import filetype


class MediaType(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"


# The stored types; WebP and HEIC are stored as JPEG, and thumbnails as WebP.
EXTENSIONS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
    MediaType.ODT: "odt",
    MediaType.ODS: "ods",
}

_PHOTOS = {
    "image/jpeg": MediaType.JPEG,
    "image/png": MediaType.PNG,
    "image/apng": MediaType.PNG,
    "image/webp": MediaType.WEBP,
    "image/heic": MediaType.HEIC,
}


def photo_type(data: bytes) -> MediaType | None:
    """Return the type of a photo that starts with these bytes, or None."""
    guess = filetype.guess(data)
    return _PHOTOS.get(guess.mime) if guess else None


def neutral_name(media_type: str, number: int = 0) -> str:
    """Return a name that does not identify the sender: photo.jpg, or photo-2.jpg with a number."""
    kind = MediaType(media_type)
    stem = "photo" if kind in (MediaType.JPEG, MediaType.PNG, MediaType.WEBP) else "document"
    return f"{stem}{f'-{number}' if number else ''}.{EXTENSIONS[kind]}"


NEUTRAL_NAMES = tuple(sorted(neutral_name(kind) for kind in EXTENSIONS))
