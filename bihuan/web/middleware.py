"""Middleware for every request and response."""

import secrets
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import loader
from django.utils.http import escape_leading_slashes

from bihuan.web import appearance, logs, outages, views

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
    """Allows nothing from other hosts and nothing inline: injected markup cannot run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's debug pages have inline styles.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class KeptNowhere:
    """Forbids caching by browsers and proxies: desks and phones are shared.

    It overrides the headers of views; style sheets and scripts are served before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        return response


class NoNulInAddresses:
    """Removes NUL characters from query strings: the supported databases cannot search for them.

    Forms refuse them already; this covers values that pages read from the URL directly.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return self.get_response(request)


class ChosenLook:
    """Keeps what a link with `?look=` chooses, and continues at the URL without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        choice = request.GET.get(appearance.PARAMETER, "")
        cookie = appearance.CHOICES.get(choice)
        if cookie is None or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        rest = request.GET.copy()
        del rest[appearance.PARAMETER]
        query = f"?{rest.urlencode()}" if rest else ""
        # A path such as //example.org/ would be another host.
        response = HttpResponseRedirect(escape_leading_slashes(request.path) + query)
        response.set_cookie(
            cookie,
            choice,
            max_age=appearance.KEPT,
            secure=settings.SECURE_COOKIES,
            httponly=True,
            # Also sent when a link on another site opens a page.
            samesite="Lax",
        )
        return response


class NoBlankPages:
    """Shows a message if a user opens a URL that only accepts forms, as after a sign-in that
    followed a button; otherwise the browser would show a blank page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            response.content = loader.render_to_string("405.html", request=request)
        return response


class NamedRequests:
    """Gives each request an id for its log lines and its response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(6)
        # Not reset at the end: Django logs some responses after the last middleware.
        logs.request_id.set(name)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = name
        if response.status_code < 500:
            outages.over_if_answered()
        return response


class HealthFirst:
    """Answers health checks before any middleware needs a session, a host or a language."""

    VIEWS: ClassVar = {"/healthz": views.alive, "/readyz": views.ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.VIEWS.get(request.path_info, self.get_response)(request)
