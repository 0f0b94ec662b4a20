"""The categories that forms offer, from one tree for officers and the public: its app registers."""

from __future__ import annotations

from collections.abc import Callable

# Groups of the names that a case stores, each with its name in the reader's language.
Offered = list[tuple[str, list[tuple[str, str]]]]

_sources: list[Callable[[str], Offered]] = []


def register(source: Callable[[str], Offered]) -> None:
    """For `AppConfig.ready`."""
    _sources[:] = [source]


def offered(kind: str) -> Offered:
    """Return the categories of this kind of case; empty if none are loaded."""
    return [group for source in _sources for group in source(kind)]
