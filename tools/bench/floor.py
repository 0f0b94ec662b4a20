"""The baseline: signed-in pages with the same middleware and page frame, and no other queries.

The data of the real page is loaded once and kept; after that only the frame, the template and the
middleware run. A baseline page that queries the database for anything else fails.
"""

import re
from collections.abc import Callable
from threading import RLock
from types import ModuleType
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.timezone import localdate

from bihuan.desk.views import case, ledger, today
from bihuan.notices import queries as notices
from bihuan.orgs import access
from bihuan.orgs.models import User

_ROW = re.compile(r"<tr data-row.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh].*?</t[dh]>", re.DOTALL)
_kept: dict[str, dict[str, Any]] = {}
_one_at_a_time = RLock()


class Asked(Exception):
    """A baseline page queried the database."""


def same(request: HttpRequest, page: str, number: str = "") -> HttpResponse:
    """Render the template of a real page with data kept in memory."""
    context = _context(request, page, number)
    _load_frame(request)
    with connection.execute_wrapper(_refuse):
        return render(request, f"desk/{page}.html", context)


def rows(request: HttpRequest) -> HttpResponse:
    """Render a plain table with as many rows of the same size as the ledger shows."""
    context = _once("rows", lambda: {"rows": _plain(same(request, "ledger"))})
    _load_frame(request)
    with connection.execute_wrapper(_refuse):
        return render(request, "bench/rows.html", context)


def _plain(page: HttpResponse) -> list[tuple[list[str], str]]:
    """Return each row's cells as text, and how many bytes its markup exceeds that of a plain
    row.
    """
    found = _ROW.findall(page.content.decode())
    return [_weighed(row) for row in found]


def _weighed(row: str) -> tuple[list[str], str]:
    cells = [" ".join(strip_tags(cell).split()) for cell in _CELL.findall(row)]
    plain = len("<tr data-row></tr>") + sum(len(f"<td>{cell}</td>") for cell in cells)
    return cells, " " * max(0, len(row) - plain)


def _context(request: HttpRequest, page: str, number: str) -> dict[str, Any]:
    views: dict[str, tuple[ModuleType, Callable[..., HttpResponse]]] = {
        "ledger": (ledger, ledger.ledger),
        "today": (today, today.today),
        "case": (case, case.case),
    }
    module, view = views[page]
    arguments = [number] if number else []

    def found() -> dict[str, Any]:
        with patch.object(module, "render", wraps=render) as rendered:
            view(request, *arguments)  # render once, so that lazy values are evaluated now
        context: dict[str, Any] = rendered.call_args.args[2]
        return context

    return _once(f"{request.get_full_path()} {request.user.pk}", found)


def _once(key: str, found: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with _one_at_a_time:
        if key not in _kept:
            _kept[key] = found()
        return _kept[key]


def _load_frame(request: HttpRequest) -> None:
    """Load what the frame of every page shows: the navigation that the officer's posts use, and
    how many notices are unread.
    """
    assert isinstance(request.user, User)
    now = timezone.now()  # noqa: TID251 - as a page does
    access.seats(request.user, localdate(now))
    notices.count_unread(request.user, now)


def _refuse(*arguments: Any) -> None:
    raise Asked(str(arguments[1]))
