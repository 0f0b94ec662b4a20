"""Which criteria the words of a case point to: proposals, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.criteria.lists import Criterion

# More would be a list to search, not a proposal.
AT_MOST = 5


@dataclass(frozen=True)
class Proposed:
    """A criterion, and the words of the text that point to it; none if a checklist named it."""

    criterion: Criterion
    words: tuple[str, ...] = ()


def by_words(text: str, criteria: Iterable[Criterion]) -> list[Proposed]:
    """Return the criteria that these words point to, those with the most words first.

    A catch-all has no words, so it is never among them.
    """
    found = []
    for criterion in criteria:
        matching = [words for words in criterion.item.terms if all(w in text for w in words)]
        if matching and not criterion.item.is_catch_all:
            found.append(Proposed(criterion, max(matching, key=_weight)))
    found.sort(key=lambda each: (-_weight(each.words), each.criterion.list.order))
    return found[:AT_MOST]


def _weight(words: tuple[str, ...]) -> int:
    return sum(len(word) for word in words)
