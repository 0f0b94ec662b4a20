"""Middleware for requests of signed-in officers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.orgs import operators
from bihuan.orgs.actions import signing_in
from bihuan.orgs.http import SignedInRequest

_WITH_ANY_PASSWORD = {"orgs:account-password", "orgs:sign-out"}


class SignInRequired(LoginRequiredMiddleware):
    """Redirects visitors to the sign-in page, and returns them to the page they requested."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        return redirect_to_login(_came_for(request))


class SignInGuard:
    """Ends idle sessions, requires a password change where one is due, and sets the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        signed_in = cast(SignedInRequest, request)
        now = timezone.now()  # noqa: TID251 - middleware reads the clock as a view does
        if self._idle(signed_in, now):
            return _sign_out_idle(signed_in, now)
        _speak_own_language(signed_in)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Let an officer with a temporary password do nothing but change it."""
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in _WITH_ANY_PASSWORD:
            return None
        return redirect("orgs:account-password")

    def _idle(self, request: SignedInRequest, now: datetime) -> bool:
        sign_in = request.session.sign_in
        if sign_in is None:
            return False
        if sign_in.idle_at(now):
            return True
        signing_in.note_seen(sign_in=sign_in, now=now)
        return False


class OperatorGuard:
    """Closes every page of the desk to operators of sites, except those registered for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Answer as if the page did not exist; the first page after sign-in leads to their own."""
        match, user = request.resolver_match, request.user
        if match is None or not user.is_authenticated:
            return None
        if not getattr(view, "login_required", True):
            return None
        now = timezone.now()  # noqa: TID251 - middleware reads the clock as a view does
        if operators.may_open(user, match.view_name, localdate(now)):
            return None
        home = operators.home()
        if home and match.view_name == settings.LOGIN_REDIRECT_URL:
            return redirect(home)
        raise Http404


def _sign_out_idle(request: SignedInRequest, now: datetime) -> HttpResponse:
    key = request.session.session_key or ""
    signing_in.sign_out_idle(user=request.user, session_key=key, now=now)
    logout(request)
    messages.info(request, _("You were signed out because of inactivity."))
    return redirect_to_login(_came_for(request))


def _came_for(request: HttpRequest) -> str:
    """Return where a sign-in leads: the requested page or, for a POST, the page that it was sent
    from, which still has what was typed. A button has no page of its own.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return "/desk/"
    sent_from = urlsplit(page)
    return f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path


def _speak_own_language(request: SignedInRequest) -> None:
    """Activate the language chosen on this device, else that of the account."""
    if request.user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language() or ""
