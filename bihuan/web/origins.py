"""Whether a form was sent from a page of this site, according to the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_sent_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site sent the form.

    Browsers before 2020, Safari before 2023, and all browsers without HTTPS indicate it in `Origin`
    only, which is "null" if the other site hides itself. A browser that sends neither header is
    trusted. Only the host is compared: a proxy may change the port or the scheme without forwarding
    that, and then no form could ever be sent. Cookies ignore ports as well.
    """
    if request.method in SAFE:
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and _host(origin) != _host(f"//{request.get_host()}")


def is_led_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site led here, by a form or a link; a browser
    that says nothing is not believed.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    led_by = request.headers.get("Origin") or request.headers.get("Referer")
    return led_by is not None and _host(led_by) == _host(f"//{request.get_host()}")


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
