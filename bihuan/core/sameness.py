"""Whether two accounts of a problem are one: by whose it is, where and when it was seen, and what.

A number in an office's ledger is no identity: two towns both begin with 1. So what a row says is
compared, and where that differs somebody is asked.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from bihuan.core import wordlike

# Half and more of the pairs or letters are shared by a corrected text, less by another matter.
ALIKE = 0.6
_MARKS = re.compile(r"[\W_]+")


class Identity(NamedTuple):
    """What tells one problem from another; `owner` is None where a row names no unit."""

    origin: int
    owner: int | None
    day: date
    place: str
    words: str


def plain(text: str) -> str:
    """Without what nobody means by it: width, case, spaces and punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


def same(a: str, b: str) -> bool:
    return a == b or plain(a) == plain(b)


def differing(old: Identity, new: Identity) -> tuple[str, ...]:
    """In which of place, day and words the two differ: with none of them it is one problem."""
    differ = {
        "place": not same(old.place, new.place),
        "day": old.day != new.day,
        "words": not same(old.words, new.words),
    }
    return tuple(name for name, so in differ.items() if so)


def likeness(a: str, b: str) -> float:
    """From 0 (nothing shared) to 1 (the same), by pairs and by letters in their order."""
    first, second = plain(a), plain(b)
    by_letters = SequenceMatcher(None, first, second, autojunk=False)
    if by_letters.real_quick_ratio() < ALIKE or by_letters.quick_ratio() < ALIKE:
        return wordlike.likeness(a, b)
    return max(wordlike.likeness(a, b), by_letters.ratio())


def correction(old: Identity, new: Identity) -> float:
    """How probably the new account corrects the old: 1 says the same, 0 is another problem.

    Both were found by one unit on one day. Of unit, place and words one may differ, place and
    words only a little.
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
    """How probably two who keep their own accounts tell of one problem; never as sure as 1.

    Each names the unit and numbers as it does: the day is one, place and words are at least alike.
    """
    if old.day != new.day:
        return 0.0
    place = _alike(old.place, new.place)
    return min(place, _alike(old.words, new.words), 0.99) if place else 0.0


def _alike(old: str, new: str) -> float:
    """How alike two texts are, 0 where too little for one to be the other corrected."""
    if same(old, new):
        return 1.0
    alike = likeness(old, new)
    return alike if alike >= ALIKE else 0.0
