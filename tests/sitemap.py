"""Every address of the site, as the tests about addresses need it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver


@dataclass(frozen=True)
class Route:
    """One address: its pattern, the name it goes by, what it takes and what answers."""

    path: str
    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_public(self) -> bool:
        return not getattr(self.view, "login_required", True)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(
    patterns: Sequence[URLPattern | URLResolver], path: str, parameters: tuple[str, ...]
) -> Iterator[Route]:
    for entry in patterns:
        here = path + str(entry.pattern)
        taken = (*parameters, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, here, taken)
        else:
            yield Route(here, entry.name or "", taken, entry.callback)
