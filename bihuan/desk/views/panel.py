"""One URL, two responses: a whole page, or the part of it that htmx inserts into another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_or_panel(
    request: HttpRequest, page: str, panel: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Return the whole page, or for htmx the panel alone; caches must distinguish them."""
    is_panel = request.headers.get("HX-Request") == "true"
    template = panel if is_panel else page
    response = render(request, template, {**context, "is_panel": is_panel})
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
