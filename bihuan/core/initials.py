"""The initial letters of Chinese words, by which they are typed: 王建国 is found by “wjg”."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

DATA = Path(__file__).with_name("initials.txt")
# A character with several readings gives several keys; more than this would not help the search.
MOST = 16


def keys(text: str) -> tuple[str, ...]:
    """Return the ways to type the text by initials; empty if it has no Chinese characters."""
    known = _letters()
    letters = [known.get(char, char.lower()) for char in text if char in known or char.isalnum()]
    if not any(char in known for char in text):
        return ()
    found: list[str] = []
    for way in product(*letters):
        found.append("".join(way))
        if len(found) == MOST:
            break
    return tuple(found)


@cache
def _letters() -> Mapping[str, str]:
    """Return the possible letters of each character."""
    found: dict[str, str] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            letter, _, chars = line.partition(" ")
            for char in chars:
                found[char] = found.get(char, "") + letter
    return found
