"""Names of uploaded files, made safe to display, to save and to send in a header."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
_LONGEST_BYTES = 200
_NAMELESS = "file"

# Controls, invisible and direction-changing characters, surrogates, unassigned, line separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FORBIDDEN = re.compile(r'[<>:"|?*%;]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_KNOWN_EXTENSION = re.compile(
    r"\.(jpe?g|jpe|jfif|png|webp|hei[cf]|gif|bmp|tiff?|pdf|do[ct][xm]?|xl[st][xmb]?|od[ts])$",
    re.IGNORECASE,
)


def safe_name(given: str, extension: str) -> str:
    """Return the last part of the given name, sanitised, with the extension of the actual
    content.
    """
    stem = re.split(r"[/\\]", given)[-1]
    stem = "".join(
        character
        for character in unicodedata.normalize("NFC", stem)
        if unicodedata.category(character) not in _UNSEEN
    )
    stem = _FORBIDDEN.sub("_", _trimmed(stem))
    stem = _trimmed(_KNOWN_EXTENSION.sub("", stem)) or _NAMELESS
    stem = _trimmed(_RESERVED.sub(r"\1_", stem, count=1)) if _RESERVED.match(stem) else stem
    return f"{_shortened(stem, len(extension) + 1)}.{extension}"


def _trimmed(stem: str) -> str:
    return " ".join(stem.split()).strip(". ")


def _shortened(stem: str, reserve: int) -> str:
    short = stem[: LONGEST - reserve].encode()[: _LONGEST_BYTES - reserve]
    return _trimmed(short.decode(errors="ignore"))
