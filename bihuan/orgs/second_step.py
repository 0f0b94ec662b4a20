"""The second step of a sign-in, between the password and the session, where one is required.

The app with the second factors decides when a step is due and on which page it is taken. Until then
the browser is not signed in: its session only records whose password was correct.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from bihuan.core.second_factor import BETWEEN_STEPS
from bihuan.orgs import devices
from bihuan.orgs.http import device_of
from bihuan.orgs.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_HELD = "first_step"
# Session key: what the second step was taken with.
TAKEN = "second_step"


@dataclass(frozen=True)
class SecondStep:
    """When the second step is required, and the URL name of its page."""

    is_due: Callable[[User, datetime], bool]
    page: str


@dataclass(frozen=True)
class PendingSignIn:
    """Whose password was correct in this browser, and which page they requested."""

    user: User
    came_for: str


_registered: list[SecondStep] = []


def register(step: SecondStep) -> None:
    """Require this step after the password."""
    _registered.append(step)


def is_due(user: User, now: datetime) -> bool:
    return any(step.is_due(user, now) for step in _registered)


def go_on(request: HttpRequest, user: User, came_for: str, now: datetime) -> HttpResponse:
    """Continue after the first step: redirect to the second step, or sign in."""
    for step in _registered:
        if step.is_due(user, now):
            _hold(request, user, came_for, now)
            return HttpResponseRedirect(reverse(step.page))
    enter(request, user, now)
    return devices.remember(request, HttpResponseRedirect(came_for), user)


def held(request: HttpRequest, now: datetime) -> PendingSignIn | None:
    """Return who is between the two steps in this browser; None after a timeout or a password
    change.
    """
    stored = request.session.get(_HELD)
    if stored is None or request.user.is_authenticated:
        return None
    user = User.objects.filter(pk=stored["user"], is_active=True).first()
    until = datetime.fromisoformat(stored["at"]) + BETWEEN_STEPS
    if user is None or now >= until or not _is_of(user, stored["hash"]):
        return None
    return PendingSignIn(user, stored["to"])


def enter(request: HttpRequest, user: User, now: datetime, *, taken: str = "") -> None:
    """Begin the session; nothing from the previous session is kept."""
    request.session.flush()
    login(request, user, backend=_BACKEND)
    if taken:
        request.session[TAKEN] = taken
    request.session.begin(device=device_of(request), now=now)  # type: ignore[attr-defined]


def _hold(request: HttpRequest, user: User, came_for: str, now: datetime) -> None:
    request.session.flush()
    request.session[_HELD] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": now.isoformat(),
        "to": came_for,
    }


def _is_of(user: User, stored: str) -> bool:
    hashes = [user.get_session_auth_hash()]
    if settings.SECRET_KEY_FALLBACKS:
        hashes += user.get_session_auth_fallback_hash()
    return any(constant_time_compare(stored, each) for each in hashes)
