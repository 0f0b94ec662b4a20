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
    texts = {}
    for language in languages:
        with override(language):
            texts[language] = say()
    return texts


def here(text: Said | str) -> str:
    """Return the sentence in the reader's language; earlier releases stored one language only."""
    if isinstance(text, str):
        return text
    return text.get(get_language() or "") or next(iter(text.values()), "")


def all_here(places: Sequence[Place]) -> list[tuple[int, str, str]]:
    """Return the notes on rows in the reader's language."""
    return [(row, column, here(texts)) for row, column, texts in places]
