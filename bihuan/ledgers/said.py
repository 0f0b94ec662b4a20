"""Sentences that are stored in every language of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from django.utils.translation import get_language, override

Said: TypeAlias = Mapping[str, str]
"""One sentence, by language."""
Place: TypeAlias = tuple[int, str, Said]
"""A note on a row: its number, the header of its column if any, the sentence."""


def in_each(languages: Sequence[str], say: Callable[[], str]) -> Said:
    """Return the same sentence in each of these languages."""
    said = {}
    for language in languages:
        with override(language):
            said[language] = say()
    return said


def here(said: Said | str) -> str:
    """Return the sentence in the reader's language; earlier releases stored one language only."""
    if isinstance(said, str):
        return said
    return said.get(get_language() or "") or next(iter(said.values()), "")


def all_here(places: Sequence[Place]) -> list[tuple[int, str, str]]:
    """Return the notes on rows in the reader's language."""
    return [(row, column, here(said)) for row, column, said in places]
