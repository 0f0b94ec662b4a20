"""Texts as sets of character pairs: similarity and search.

Chinese is written without spaces, so pairs of characters are used in place of words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# PostgreSQL stores no term of more than 2,046 bytes; no search needs more than this at once.
_WORDS = re.compile(r"[0-9a-z]{1,64}|[\u3400-\u9fff\uf900-\ufaff]+")


@lru_cache(maxsize=1024)
def pairs(text: str) -> frozenset[str]:
    """Return two-character terms of Chinese text, whole Latin words and numbers; lower case,
    NFKC.
    """
    found: set[str] = set()
    for run in _WORDS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "\u3400" or len(run) == 1:
            found.add(run)
        else:
            found.update(run[n : n + 2] for n in range(len(run) - 1))
    return frozenset(found)


def sought(text: str) -> tuple[str, ...]:
    """Return the search terms of a text; a term that ends in * matches any ending."""
    found = pairs(text)
    return tuple(sorted(f"{p}*" if p[0] < "\u3400" or len(p) == 1 else p for p in found))


def likeness(a: str, b: str) -> float:
    """Return the similarity from 0 (nothing shared) to 1 (the same terms): the Dice coefficient."""
    first, second = pairs(a), pairs(b)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def common(a: str, b: str, *, apart: str = "") -> frozenset[str]:
    """Return the terms that both texts have, without numbers and without those of `apart`."""
    return frozenset(term for term in pairs(a) & pairs(b) - pairs(apart) if not term.isdigit())
