"""What the parts of an Office package say: whether any is active, or fetched when it is opened."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

# The largest description of the parts that is read; those of long documents have some 100 kB.
MOST_DESCRIBED = 4 * 1024 * 1024
_DESCRIBES = re.compile(r"(^|/)(\[content_types\]\.xml|[^/]*\.rels)$", re.IGNORECASE)
_ACTIVE_PART = re.compile(
    r"vba(project|data)|/activex/|/embeddings/|/macrosheets/|^(basic|scripts)/"
    r"|\.(exe|dll|js|vbs|bat|scr)$",
    re.IGNORECASE,
)
_ACTIVE_TYPE = re.compile(r"macroenabled|vbaproject|vbadata|activex|oleobject", re.IGNORECASE)
# Whatever the names of the parts are: what runs, is embedded, or replaces a part of the document.
_ACTIVE_RELATIONSHIP = re.compile(
    r"/(attachedTemplate|oleObject|package|control|activeXControlBinary|vbaProject|wordVbaData"
    r"|xlMacrosheet|xlIntlMacrosheet|aFChunk|frame|subDocument)$",
    re.IGNORECASE,
)
# Opened only when the reader clicks; values of other workbooks only when the reader agrees.
_OUTSIDE = re.compile(r"/(hyperlink|externalLinkPath)$")


def is_active(archive: zipfile.ZipFile) -> bool:
    """Whether it has macros, embedded files, or parts that are fetched when it is opened."""
    if any(_ACTIVE_PART.search(part.filename) for part in archive.infolist()):
        return True
    return any(map(_is_active, _descriptions(archive)))


def _descriptions(archive: zipfile.ZipFile) -> Iterator[Element]:
    """Return the entries that describe the parts; raise an error if they cannot be read."""
    parts = [part for part in archive.infolist() if _DESCRIBES.search(part.filename)]
    if sum(part.file_size for part in parts) > MOST_DESCRIBED:
        raise ValueError
    for content in map(archive.read, parts):
        if b"<!DOCTYPE" in content.replace(b"\0", b""):
            raise ValueError
        yield from fromstring(content).iter()  # noqa: S314 - no document type, so no entities


def _is_active(entry: Element) -> bool:
    kind = entry.get("Type", "")
    if entry.get("TargetMode", "").strip().lower() == "external" and not _OUTSIDE.search(kind):
        return True
    is_active_type = bool(_ACTIVE_TYPE.search(entry.get("ContentType", "")))
    return is_active_type or bool(_ACTIVE_RELATIONSHIP.search(kind.strip()))
