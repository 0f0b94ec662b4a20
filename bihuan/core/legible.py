"""Normalise text to what a person can see, and check whether any words are left.

The same rule applies to every input: forms, the public pages, other systems and ledgers. Normalised
text stays the same after it was written to a workbook and read again.
"""

from __future__ import annotations

import re
import unicodedata

# Control characters, zero-width spaces, direction marks, annotations and lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
_BLANKS = re.compile("[\t\u00a0\u2000-\u200a\u202f\u3000]")
# Letters and symbols by category that are invisible: Hangul fillers and the empty Braille cell.
_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")


def clean(text: str) -> str:
    """Return the text in composed form, without invisible characters and surrounding space."""
    found = text.strip()
    if found.isascii() and found.isprintable() and "_x000D_" not in found:
        return found
    found = found.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    found = unicodedata.normalize("NFC", _BLANKS.sub(" ", _UNSEEN.sub("", found))).strip()
    return found if any(map(_shows, found)) else ""


def _shows(each: str) -> bool:
    """Whether the character alone is visible."""
    return unicodedata.category(each)[0] in "LNSP" and each not in _EMPTY


def has_words(text: str) -> bool:
    """Whether the text contains a visible letter, number or pictograph.

    Marks, joiners, selectors and tags are visible only on another character, and dots and dashes
    alone mean nothing.
    """
    return any(unicodedata.category(each)[0] in "LNS" and each not in _EMPTY for each in text)


def words(text: str) -> str:
    """Return the cleaned text; empty if it has no words."""
    found = clean(text)
    return found if has_words(found) else ""
