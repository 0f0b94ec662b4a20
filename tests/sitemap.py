"""Every address of the site, as the tests about addresses need it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from typing import Any

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from openpyxl import load_workbook


@dataclass(frozen=True)
class Route:
    """One address: its pattern, its name with that of its app, what it takes and what answers."""

    path: str
    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_public(self) -> bool:
        return not getattr(self.view, "login_required", True)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "/", "", ()))


def _walk(
    patterns: Sequence[URLPattern | URLResolver],
    path: str,
    app: str,
    parameters: tuple[str, ...],
) -> Iterator[Route]:
    for entry in patterns:
        here = path + str(entry.pattern)
        taken = (*parameters, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, here, f"{entry.app_name}:", taken)
        else:
            yield Route(here, f"{app}{entry.name or ''}", taken, entry.callback)


def addresses(
    fillings: Callable[[Route, str], Iterable[object]],
) -> Iterator[tuple[Route, str]]:
    """Every address, with everything in its places that `fillings` says could stand there."""
    for route in routes():
        choices = [list(fillings(route, name)) for name in route.parameters]
        for values in product(*choices):
            try:
                given = dict(zip(route.parameters, values, strict=True))
                yield route, reverse(route.name, kwargs=given)
            except NoReverseMatch:  # this place does not take such a value
                continue


def text_of(answer: HttpResponseBase) -> str:
    """What an answer says, workbooks included."""
    body: bytes = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body[:2] != b"PK":
        return body.decode(errors="ignore")
    rows = load_workbook(BytesIO(body)).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(value) for row in rows for value in row)
