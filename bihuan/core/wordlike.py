"""Texts as sets of letter pairs: how alike two are, and what a search looks for.

Chinese is written without spaces, so pairs of characters stand in for words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# PostgreSQL keeps no piece of more than 2,046 bytes; nobody searches for more than this at once.
_WORDS = re.compile(r"[0-9a-z]{1,64}|[\u3400-\u9fff\uf900-\ufaff]+")


@lru_cache(maxsize=1024)
def pairs(text: str) -> frozenset[str]:
    """Two-character pieces of Chinese runs, whole Latin words and numbers; lower case, NFKC."""
    found: set[str] = set()
    for run in _WORDS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "\u3400" or len(run) == 1:
            found.add(run)
        else:
            found.update(run[n : n + 2] for n in range(len(run) - 1))
    return frozenset(found)


def sought(text: str) -> tuple[str, ...]:
    """What a search for this text looks for; a piece that ends in * stands for any ending."""
    found = pairs(text)
    return tuple(sorted(f"{p}*" if p[0] < "\u3400" or len(p) == 1 else p for p in found))


def likeness(a: str, b: str) -> float:
    """From 0 (nothing shared) to 1 (the same pieces): the Dice measure."""
    first, second = pairs(a), pairs(b)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))
