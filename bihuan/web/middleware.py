"""What happens to every request, and what every answer carries."""

import secrets
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from bihuan.web import logs, outages, views

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class ContentSecurityPolicy:
    """Nothing from another host, nothing inline: injected markup cannot run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own pages about a fault, for development, have their styles inside.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class KeptNowhere:
    """Lets no browser and no proxy keep what a page says: desks and telephones are shared.

    Whatever else a view says of keeping, this holds; style sheets and scripts pass earlier.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        return response


class NoNulInAddresses:
    """Takes NUL characters out of what an address asks: no database that we know can look for one.

    Forms refuse them by themselves; what a page reads straight from its address comes by here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "")
        return self.get_response(request)


class NoBlankPages:
    """Says that nothing was done where somebody opens an address that takes forms only, as after
    a sign-in that a button led to: otherwise the browser shows a white page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            response.content = loader.render_to_string("405.html", request=request)
        return response


class NamedRequests:
    """Gives each request an id, which its lines in the log and its answer carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(6)
        # Not taken back at the end: Django logs some answers after the last middleware.
        logs.request_id.set(name)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = name
        if response.status_code < 500:
            outages.over_if_answered()
        return response


class HealthFirst:
    """Answers the checks of health before anything asks for a session, a host or a language."""

    VIEWS: ClassVar = {"/healthz": views.alive, "/readyz": views.ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.VIEWS.get(request.path_info, self.get_response)(request)
