"""What all public pages have in common: open to anyone, and never cached."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from bihuan.portal.middleware import LANGUAGES, remember, speak
from bihuan.portal.views import answered
from bihuan.web.origins import is_sent_from_elsewhere

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# The fields with the key of a form, or a proof of work for one.
KEYS = ("form", "csrfmiddlewaretoken", "challenge", "work")


def public(view: View) -> View:
    """Make a view public; its forms carry signed keys, so no cookie is needed to protect them.

    Django's own protection would give every visitor a lasting cookie. So a form sent from a page of
    another site is ignored: the response is that for an empty form.
    """
    return _open(_with_address(view), _with_nothing)


def public_act(page: str) -> Callable[[View], View]:
    """Do the same for a form without a page of its own: its answers are at this one's address."""

    def opening(view: View) -> View:
        return _open(_with_address(view, page), _with_nothing)

    return opening


def public_words(view: View) -> View:
    """Do the same for a report, which is made in no one's name: texts may come from another
    site's page, and continue under a new key; keys may not, because they open the receipt.
    """
    return _open(view, _without_keys)


def _with_address(view: View, page: str = "") -> View:
    """Let each answer to a form have an address: see `bihuan.portal.views.answered`."""

    @wraps(view)
    def addressed(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if request.method == "GET" and (kept := answered.stored(request)):
            return kept
        language = request.POST.get("language", "")
        if language in LANGUAGES:
            speak(request, language)
        response = view(request, *args, **options)
        if language in LANGUAGES and isinstance(response, HttpResponse):
            remember(response, language)
        if request.method != "POST" or not isinstance(response, HttpResponse):
            return response
        return answered.redirected(request, response, reverse(page) if page else "")

    return cast("View", addressed)


def _open(view: View, strip: Callable[[HttpRequest], None]) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if is_sent_from_elsewhere(request):
            strip(request)
        return view(request, *args, **options)

    return cast("View", login_not_required(csrf_exempt(never_cache(opened))))


def _with_nothing(request: HttpRequest) -> None:
    _without_keys(request)
    _put(request, QueryDict(mutable=True))
    request.FILES.clear()


def _without_keys(request: HttpRequest) -> None:
    """Cookies as well: one for all hosts of a domain may come from any of them."""
    words = request.POST.copy()
    for name in KEYS:
        words.pop(name, None)
    _put(request, words)
    kept = settings.LANGUAGE_COOKIE_NAME
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if name == kept}


def _put(request: HttpRequest, words: QueryDict) -> None:
    """The original request is immutable; from here on nothing changes it either."""
    words._mutable = False
    request.POST = words  # type: ignore[assignment]  # the stub knows only what was sent
