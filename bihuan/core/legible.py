"""What a person can read of a text: cleaned of what cannot be seen, and whether words are left.

One rule for every way in: forms, the public's pages, other systems and ledgers. A text that was
cleaned once says the same when it has been written to a workbook and read again.
"""

from __future__ import annotations

import re
import unicodedata

# Controls, zero-width spaces, marks of direction, annotations and halves of pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
_BLANKS = re.compile("[\t\u00a0\u2000-\u200a\u202f\u3000]")
# Letters and symbols by their class that show nothing: Hangul fillers and the empty Braille cell.
_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")


def clean(text: str) -> str:
    """The text in its composed form, without what cannot be seen and the space around it."""
    found = text.strip()
    if found.isascii() and found.isprintable() and "_x000D_" not in found:
        return found
    found = found.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    found = unicodedata.normalize("NFC", _BLANKS.sub(" ", _UNSEEN.sub("", found))).strip()
    return found if any(map(_shows, found)) else ""


def _shows(each: str) -> bool:
    """Whether the character leaves a mark by itself."""
    return unicodedata.category(each)[0] in "LNSP" and each not in _EMPTY


def has_words(text: str) -> bool:
    """Whether there is a letter, a number or a picture in it that can be seen.

    Marks, joiners, selectors and tags show only on something else, and dots and dashes alone say
    nothing.
    """
    return any(unicodedata.category(each)[0] in "LNS" and each not in _EMPTY for each in text)


def words(text: str) -> str:
    """The cleaned text, or nothing where no words are left."""
    found = clean(text)
    return found if has_words(found) else ""
