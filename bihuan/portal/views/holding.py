"""Who entered which code: a short-lived cookie for `/track/`, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

from bihuan.portal.queries import track as queries
from bihuan.portal.queries.track import Holder
from bihuan.web.cookies import let_keep

COOKIE = "bihuan_track"
COOKIE_PATH = "/track/"
LASTS = timedelta(minutes=30)


def entered(response: HttpResponse, who: Holder) -> HttpResponse:
    """Set a cookie that shows for half an hour which code was entered."""
    signed = signing.dumps([who.code, who.renewals], salt=COOKIE)
    return let_keep(response, COOKIE, signed, path=COOKIE_PATH, lasts=LASTS)


def holder_of(request: HttpRequest) -> Holder | None:
    """Return the holder with a code of their own; a code that an officer has seen must be
    replaced first.
    """
    who = entered_by(request)
    return None if who is None or who.must_renew else who


def entered_by(request: HttpRequest) -> Holder | None:
    """Return who entered a code on this device within half an hour, including one from a desk;
    unless it was replaced since: then it is invalid.
    """
    try:
        code, renewals = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    who = queries.holder(code)
    return who if who is not None and who.renewals == renewals else None
