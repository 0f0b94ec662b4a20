"""Checks how each request arrived, so that `/readyz` can report a misconfigured proxy."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bihuan.tallies import addresses, watching


class ProxyWatch:
    """Records requests that lack the addresses of the proxies they passed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        fault = addresses.fault_of(request)
        if fault is not None:
            watching.note(fault, timezone.now())  # noqa: TID251 - as a view does
        return self.get_response(request)
