"""Pages of work in progress: they refresh themselves, can be left, and end by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.ledgers.models import ExportJob, ImportJob


def under_way(
    request: HttpRequest, job: ImportJob | ExportJob, context: Mapping[str, Any]
) -> HttpResponse:
    """Return the page, or only the progress bar for a refresh."""
    template = "progress_bar" if _looks_again(request) else "progress"
    given = {**context, "job": job, "url": request.path}
    return _never_kept(render(request, f"ledgers/{template}.html", given))


def over(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Return the page of the result; a page that still shows the progress bar loads it."""
    if _looks_again(request):
        return _never_kept(HttpResponse(headers={"HX-Refresh": "true"}))
    return _never_kept(render(request, template, context))


def _looks_again(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _never_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
