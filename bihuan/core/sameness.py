"""Whether two records describe the same problem: by unit, place, date and description.

A number in an office's ledger is not an identity: two towns both begin with 1. So the content of
rows is compared, and if it differs the user is asked.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import NamedTuple

from bihuan.core import wordlike

# A corrected text shares at least half of the pairs or letters, another matter fewer.
ALIKE = 0.6
_MARKS = re.compile(r"[\W_]+")


def digest(*parts: object) -> str:
    """Return 32 hexadecimal digits, equal for equal parts in the same order."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


class Identity(NamedTuple):
    """What distinguishes one problem from another; `owner` is None if a row names no unit."""

    origin: int
    owner: int | None
    day: date
    place: str
    words: str


def plain(text: str) -> str:
    """Normalise insignificant differences: width, case, spaces and punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


def same(a: str, b: str) -> bool:
    return a == b or plain(a) == plain(b)


def differing(old: Identity, new: Identity) -> tuple[str, ...]:
    """Return which of place, day and description differ; if none, it is the same problem."""
    differ = {
        "place": not same(old.place, new.place),
        "day": old.day != new.day,
        "words": not same(old.words, new.words),
    }
    return tuple(name for name, so in differ.items() if so)


def likeness(a: str, b: str) -> float:
    """Return the similarity from 0 (nothing shared) to 1 (equal), by pairs and by letters in
    order.
    """
    first, second = plain(a), plain(b)
    by_letters = SequenceMatcher(None, first, second, autojunk=False)
    if by_letters.real_quick_ratio() < ALIKE or by_letters.quick_ratio() < ALIKE:
        return wordlike.likeness(a, b)
    return max(wordlike.likeness(a, b), by_letters.ratio())


def correction(old: Identity, new: Identity) -> float:
    """Return how probably the new record corrects the old: 1 for equal, 0 for another problem.

    Both were found by one unit on one day. One of unit, place and description may differ, place and
    description only slightly.
    """
    if old.origin != new.origin or old.day != new.day:
        return 0.0
    other_unit = new.owner is not None and old.owner != new.owner
    other_place, other_words = not same(old.place, new.place), not same(old.words, new.words)
    if other_unit + other_place + other_words > 1:
        return 0.0
    if other_unit:
        return 0.99
    if other_place or other_words:
        name = "place" if other_place else "words"
        return min(_alike(getattr(old, name), getattr(new, name)), 0.99)
    return 1.0


def nearness(old: Identity, new: Identity) -> float:
    """Return how probably records from two ledgers describe one problem; always less than 1.

    Each ledger has its own units and numbers: the day must be equal, place and description at least
    similar.
    """
    if old.day != new.day:
        return 0.0
    place = _alike(old.place, new.place)
    return min(place, _alike(old.words, new.words), 0.99) if place else 0.0


def _alike(old: str, new: str) -> float:
    """Return the similarity of two texts, 0 if too low for one to be a correction of the other."""
    if same(old, new):
        return 1.0
    alike = likeness(old, new)
    return alike if alike >= ALIKE else 0.0
