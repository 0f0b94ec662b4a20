"""The language of a public page, chosen by a link."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


class SpokenLanguage:
    """Lets a URL set its language, so that a link changes it without a form or a script."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("language", "")
        if asked not in LANGUAGES:
            return self.get_response(request)
        speak(request, asked)
        return remember(self.get_response(request), asked)


def speak(request: HttpRequest, language: str) -> None:
    """Respond in this language from here on."""
    translation.activate(language)
    request.LANGUAGE_CODE = language


def remember(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the language in this browser until it is closed."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.SECURE_COOKIES
    )
    return response
