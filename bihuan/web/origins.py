"""Whether a form was sent from a page of this site, as the browser says."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_sent_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the page of another site sent the form: then its keys are that site's to keep.

    Browsers before 2020, Safari before 2023, and all where there is no HTTPS, say so in `Origin`
    alone, which is "null" where the other site hides itself. A browser that sends neither header
    is believed. Only the host is compared: a proxy may take another port or HTTPS for itself
    without a word of it, and then nothing could ever be sent. Cookies know no ports either.
    """
    if request.method in SAFE:
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and _host(origin) != _host(f"//{request.get_host()}")


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
