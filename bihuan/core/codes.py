"""Tracking codes: sixteen digits, or the same number as five words, which are easier to
remember.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence

DIGITS = 16
WORDS = 5
# A word from a list of 2,048 encodes eleven bits; five words encode any sixteen digits.
LIST_LENGTH = 2048

# Four groups of four as printed; else all digits between two words.
_GROUPS = re.compile(r"(?<!\d)(\d{4})" + r"[\W_]{0,3}(\d{4})" * 3 + r"(?!\d)")
_RUNS = re.compile(r"\d(?:[^\w]|_|\d)*")


def new() -> str:
    return "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))


def written(code: str) -> str:
    """Format in groups of four, as printed and read aloud."""
    return " ".join(code[n : n + 4] for n in range(0, DIGITS, 4))


def normal(typed: str) -> str:
    """Extract the single code in a typed or pasted text; empty if there is none.

    Full-width digits, spaces and punctuation between them, and surrounding text of the notice are
    ignored.
    """
    folded = unicodedata.normalize("NFKC", typed)
    seen = "".join(str(unicodedata.digit(c, c)) for c in folded if unicodedata.category(c) != "Cf")
    groups = {"".join(found.groups()) for found in _GROUPS.finditer(seen)}
    runs = ("".join(c for c in run if c.isdigit()) for run in _RUNS.findall(seen))
    found = groups or {run for run in runs if len(run) == DIGITS}
    return found.pop() if len(found) == 1 else ""


def wordings(typed: str) -> tuple[str, ...]:
    """Yield the parts of the text that may be the five words: all of it, or what follows a
    label.
    """
    folded = unicodedata.normalize("NFKC", typed).lower()
    seen = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    texts = (seen, seen.rpartition(":")[2])
    return tuple("".join(c if c.isalnum() else " " for c in text) for text in texts)


def as_words(code: str, words: Sequence[str]) -> tuple[str, ...]:
    """Encode the code as five words of the list."""
    number, word_list = int(code), []
    for _ in range(WORDS):
        number, index = divmod(number, LIST_LENGTH)
        word_list.append(words[index])
    return tuple(reversed(word_list))


def from_words(texts: Sequence[str], words: Sequence[str]) -> str:
    """Decode five words; empty if they are not a code."""
    places = {word: n for n, word in enumerate(words)}
    if len(texts) != WORDS or any(word not in places for word in texts):
        return ""
    number = 0
    for word in texts:
        number = number * LIST_LENGTH + places[word]
    return f"{number:0{DIGITS}}" if number < 10**DIGITS else ""


def last_group(typed: str) -> str:
    """Return the digits typed to confirm that the new code was written down."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(str(unicodedata.digit(c)) for c in folded if c.isdigit())
