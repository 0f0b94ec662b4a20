"""A checklist never collects persons: which words of an item would (see `boundary`).

Words that are never needed to ask about a place are refused in every item. A name or a list of
persons is refused only where the answer is typed, photographed or chosen: "Names of visitors" as a
text collects them, "Are names of visitors kept out of public view?" asks about a rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bihuan.core.checklist import AnswerType, Content, Fault, Found, Item

_FILE = Path(__file__).with_suffix(".toml")
# The answers that only say whether a rule is kept.
_WHETHER = frozenset({AnswerType.YES_NO, AnswerType.NUMBER})


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return the words of the data, by the name of their list."""
    return {
        name: tuple(found)
        for name, found in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
    }


def asked_for(item: Item) -> tuple[str, ...]:
    """Return the words by which this item asks for a person; none if it does not."""
    text = _text(item)
    found = _in(text, "always")
    if item.answer not in _WHETHER:
        asked, persons = _in(text, "asked"), _in(text, "persons")
        found += (*asked, *persons) if asked and persons else ()
    return tuple(dict.fromkeys(found))


def faults(content: Content) -> Iterator[Found]:
    """Return the items that ask for persons, each with the words by which it does."""
    for section in content.sections:
        for item in section.items:
            if found := asked_for(item):
                yield Found(Fault.ASKS_FOR_PERSON, item.key, section.key, found)


def _text(item: Item) -> str:
    texts = (item.text, item.help, *(choice.text for choice in item.choices))
    whole = " \n ".join(part for text in texts for part in (text.zh, text.en))
    return re.sub(r"\s+", " ", whole).casefold()


def _in(text: str, name: str) -> tuple[str, ...]:
    return tuple(word for word in words()[name] if _has(text, word))


def _has(text: str, word: str) -> bool:
    """A Chinese word is found anywhere, an English one as whole words, also in the plural."""
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}(s|es|ren)?\b", text) is not None
