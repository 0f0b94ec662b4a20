"""Cookies for one part of the site, inaccessible to scripts and other sites."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse


def let_keep(
    response: HttpResponse, name: str, value: str, *, path: str, lasts: timedelta | None = None
) -> HttpResponse:
    """Set a cookie for one part of the site; without a maximum age, until the browser closes."""
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        path=path,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Strict",
    )
    return response


def let_forget(response: HttpResponse, name: str, *, path: str) -> HttpResponse:
    """Delete the cookie."""
    response.delete_cookie(name, path=path, samesite="Strict")
    return response
