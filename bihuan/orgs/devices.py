"""Devices on which an officer signed in before; failed attempts by others do not lock them out.

The cookie holds a random number and, for each officer, a digest of both under the secret key. It
does not reveal to others who signed in on the device, and cannot be used to sign in.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from bihuan.orgs.models import User

COOKIE = "bihuan_device"
LASTS = timedelta(days=400)  # browsers limit it to this age
OFFICERS = 8
PATH = "/sign-in/"
_SALT = "bihuan.orgs.device"


def known(cookie: str, user: User | None) -> str:
    """Return the device's number if this officer signed in on it before, else an empty string."""
    number, *marks = _read(cookie)
    return number if any(_is_of(mark, number, user) for mark in marks) else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> HttpResponse:
    """Set the cookie that shows at the next sign-in that this officer used this device."""
    number, *marks = _read(request.COOKIES.get(COOKIE, ""))
    others = [mark for mark in marks if not _is_of(mark, number, user)]
    number = number or token_hex(16)
    held = [number, _mark(number, user, settings.SECRET_KEY), *others[: OFFICERS - 1]]
    response.set_cookie(
        COOKIE,
        signing.dumps(held, salt=_SALT),
        max_age=LASTS,
        path=PATH,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Strict",
    )
    return response


def _read(cookie: str) -> list[str]:
    try:
        return [str(part) for part in signing.loads(cookie, salt=_SALT, max_age=LASTS)] or [""]
    except (signing.BadSignature, ValueError, TypeError):
        return [""]


def _mark(number: str, user: User | None, secret: str) -> str:
    whose = f"{number}/{user.pk if user else 0}"
    return salted_hmac(_SALT, whose, secret, algorithm="sha256").hexdigest()[:32]


def _is_of(mark: str, number: str, user: User | None) -> bool:
    """Check the digest under the current and every earlier secret key; False for unknown user
    names.
    """
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    owns = [_mark(number, user, secret) for secret in secrets]
    return any(hmac.compare_digest(mark.encode(), own.encode()) for own in owns)
