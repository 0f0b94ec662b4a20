"""Every form of a walk is sent before with odd values in each field; nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes, urlsplit

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from tests.walk.people import TOKEN, Person, Sent, encoded

DRY = "X-Nothing-Stays"
LARGE = "9" * 40  # more than a number of any database holds
# What no other time zone has; what PostgreSQL does not keep, and what none of its indexes takes.
ODD = {"sqlite": (LARGE, "0001-01-01"), "postgresql": (LARGE, "a\x00b", "x" * 1_000_000)}


class NothingStays:
    """Middleware of the walked site: whatever a marked request did is taken back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if DRY not in request.headers:
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response


@dataclass
class Oddities:
    """Sends odd values in the place of each field, once for each field of each page."""

    tried: set[tuple[str, str]] = field(default_factory=set)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def before(self, person: Person, path: str, sent: Sent) -> None:
        """Try what is about to be sent."""
        if TOKEN not in dict(sent):
            return  # refused before it is read
        page = resolve(urlsplit(path).path).view_name
        for name in dict(sent):
            if name != TOKEN and (page, name) not in self.tried:
                self.tried.add((page, name))
                for odd in ODD[connection.vendor]:
                    changed = [(each, odd if each == name else value) for each, value in sent]
                    if _status(person, path, changed) >= 500:
                        self.faults.append((path, name, odd[:20]))


def _status(person: Person, path: str, sent: Sent) -> int:
    if any(isinstance(value, bytes) for _, value in sent):
        kind, body = encoded(sent)
    else:
        kind, body = "application/x-www-form-urlencoded", b"&".join(_pairs(sent))
    return person.unheard("POST", path, body, {"Content-Type": kind, DRY: "1"})


def _pairs(sent: Sent) -> Iterator[bytes]:
    for name, value in sent:
        text = str(value).encode("utf-8", "surrogatepass")
        yield f"{quote_from_bytes(name.encode())}={quote_from_bytes(text)}".encode()
