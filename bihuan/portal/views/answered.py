"""Answers to public forms have an address, so that Back and reload find them.

A page that answers a form is stored like a draft (`bihuan.files.unsent`) for the browser that sent
it, and the response redirects to it. Without cookies it is the response itself.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone

from bihuan.files import unsent
from bihuan.files.unsent import Unsent, UnsentForm
from bihuan.portal import guard
from bihuan.portal.guard import Tried
from bihuan.portal.views.holding import COOKIE as ENTERED
from bihuan.web import appearance
from bihuan.web.cookies import let_keep
from bihuan.web.origins import is_led_from_here

COOKIE = "bihuan_answer"
LASTS = timedelta(minutes=30)
# The part of a URL that names the stored page, and the secret that opens it once.
SHOWN, ONCE = "shown", "once"
_PAGE, _STATUS = "page", "status"
# Where a page that answers a form begins, and where it offers another size of type.
_HTML, _TYPE_SIZE = re.compile(r'(<html lang="[\w-]+")(?: class="large")?>'), "<!-- type size -->"


def redirected(request: HttpRequest, response: HttpResponse, path: str = "") -> HttpResponse:
    """Store a page that answers a form, and redirect to it; `path` if the form has no page."""
    now, path = timezone.now(), path or request.path
    if not _is_page(response) or not is_led_from_here(request) or _is_flooded(request, now):
        return response
    secret, once = request.COOKIES.get(COOKIE, ""), ""
    if not secret:
        secret, once = unsent.new_secret(), unsent.new_secret()
    name = unsent.new_name()
    bound = once or _bound(secret, _entered(request, response))
    said = {_PAGE: [response.content.decode()], _STATUS: [str(response.status_code)]}
    if not Unsent(name, bound).keep(UnsentForm(said), now):
        return response
    query = {**request.GET.dict(), SHOWN: name, **({ONCE: once} if once else {})}
    query.pop("language", None)
    to = HttpResponseRedirect(f"{path}?{urlencode(query)}")
    to.cookies = response.cookies
    return let_keep(to, COOKIE, secret, path=path, lasts=LASTS)


def stored(request: HttpRequest) -> HttpResponse | None:
    """Return the page to which a form led, for the browser that sent it; None if it is gone.

    The secret in the URL opens it once, because only then is it known that cookies are accepted;
    and only on the way from our own page, or another person's stored page could be passed on.
    """
    name, now = request.GET.get(SHOWN, ""), timezone.now()
    if not Unsent(name, "").is_ours or "language" in request.GET:
        return None
    secret = request.COOKIES.get(COOKIE, "")
    own = Unsent(name, _bound(secret, request.COOKIES.get(ENTERED, "")))
    said = own.read(now) if secret else None
    if said is None and (once := request.GET.get(ONCE, "")) and is_led_from_here(request):
        first = Unsent(name, once)
        said = first.read(now)
        first.drop()
        if said is not None and secret:
            own.keep(said, now)
    if said is None:
        return None
    page = _in_type_size(said.words[_PAGE][0], request)
    return HttpResponse(page, status=int(said.words[_STATUS][0]))


def _in_type_size(page: str, request: HttpRequest) -> str:
    """Show a stored page in the size of type that the reader chose since, and offer the other."""
    large = ' class="large"' if appearance.is_large(request.COOKIES) else ""
    page = _HTML.sub(rf"\1{large}>", page, count=1)
    return page.replace(_TYPE_SIZE, render_to_string("portal/type_size.html", request=request))


def _is_page(response: HttpResponse) -> bool:
    is_redirect = 300 <= response.status_code < 400
    is_text = response.headers.get("Content-Type", "").startswith("text/html")
    return is_text and not is_redirect and not response.streaming and response.status_code != 405


def _is_flooded(request: HttpRequest, now: datetime) -> bool:
    """Stored pages are limited like drafts."""
    try:
        guard.admit(Tried.FORM, request, now)
    except guard.TooMany:
        return True
    return False


def _entered(request: HttpRequest, response: HttpResponse) -> str:
    """Return the cookie of an entered code, as this response leaves it."""
    changed = response.cookies.get(ENTERED)
    return changed.value if changed is not None else request.COOKIES.get(ENTERED, "")


def _bound(secret: str, entered: str) -> str:
    """The page of a case cannot be read any more once its code has to be entered again."""
    return f"{secret}/{entered}"
