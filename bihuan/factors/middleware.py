"""Sessions that began without a second step which one of the officer's powers now requires."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.factors import queries
from bihuan.factors.actions import proving
from bihuan.orgs.second_step import TAKEN


class SecondStepGuard:
    """Ends such sessions: the setting is new, or the officer's post is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not settings.SECOND_FACTOR or not user.is_authenticated or TAKEN in request.session:
            return self.get_response(request)
        now = timezone.now()  # noqa: TID251 - middleware reads the clock as a view does
        if not queries.needs_factor(user, localdate(now)):
            return self.get_response(request)
        proving.end_session(user=user, session_key=request.session.session_key or "", now=now)
        logout(request)
        messages.info(request, _("Sign in again: your powers now require a second step."))
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
