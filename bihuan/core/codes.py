"""Tracking codes: sixteen digits, or the same number in five words that are easier to keep."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence

DIGITS = 16
WORDS = 5
# A list of 2,048 words says eleven bits a word; five words hold any sixteen digits.
LIST_LENGTH = 2048


def new() -> str:
    return "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))


def written(code: str) -> str:
    """In groups of four, as it is printed and read out."""
    return " ".join(code[n : n + 4] for n in range(0, DIGITS, 4))


def normal(typed: str) -> str:
    """The code in what somebody typed or pasted, or nothing where there is none.

    Full-width digits, spaces of any kind and hyphens make no difference.
    """
    folded = unicodedata.normalize("NFKC", typed)
    kept = "".join(c for c in folded if not (c.isspace() or c in "-\u2010\u2011\u2013\u2014.·"))
    digits = "".join(str(unicodedata.digit(c, "x")) for c in kept)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def as_words(code: str, words: Sequence[str]) -> tuple[str, ...]:
    """The code as five words of the list."""
    number, said = int(code), []
    for _ in range(WORDS):
        number, index = divmod(number, LIST_LENGTH)
        said.append(words[index])
    return tuple(reversed(said))


def from_words(said: Sequence[str], words: Sequence[str]) -> str:
    """The code that five words stand for, or nothing where they stand for none."""
    places = {word: n for n, word in enumerate(words)}
    if len(said) != WORDS or any(word not in places for word in said):
        return ""
    number = 0
    for word in said:
        number = number * LIST_LENGTH + places[word]
    return f"{number:0{DIGITS}}" if number < 10**DIGITS else ""
