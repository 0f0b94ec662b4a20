"""The second step of a sign-in: between the password and the session, where one is asked for.

The part that has second factors says when a step is due and where it is taken. Until it is done
the browser holds nothing that opens a page: it is not signed in, and its session only remembers
whose password was right.
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
# In a session: what the second step was taken with.
TAKEN = "second_step"


@dataclass(frozen=True)
class SecondStep:
    """When somebody has to take it, and the name of the page that asks for it."""

    is_due: Callable[[User, datetime], bool]
    page: str


@dataclass(frozen=True)
class PendingSignIn:
    """Whose password was right in this browser, and which page they came for."""

    user: User
    came_for: str


_registered: list[SecondStep] = []


def register(step: SecondStep) -> None:
    """Have this step taken after the password."""
    _registered.append(step)


def is_due(user: User, now: datetime) -> bool:
    return any(step.is_due(user, now) for step in _registered)


def go_on(request: HttpRequest, user: User, came_for: str, now: datetime) -> HttpResponse:
    """After the first step: to the page that asks for the second, or in."""
    for step in _registered:
        if step.is_due(user, now):
            _hold(request, user, came_for, now)
            return HttpResponseRedirect(reverse(step.page))
    enter(request, user, now)
    return devices.remember(request, HttpResponseRedirect(came_for), user)


def held(request: HttpRequest, now: datetime) -> PendingSignIn | None:
    """Who is between the steps in this browser; nobody after a while, or with a new password."""
    kept = request.session.get(_HELD)
    if kept is None or request.user.is_authenticated:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    until = datetime.fromisoformat(kept["at"]) + BETWEEN_STEPS
    if user is None or now >= until or not _is_of(user, kept["hash"]):
        return None
    return PendingSignIn(user, kept["to"])


def enter(request: HttpRequest, user: User, now: datetime, *, taken: str = "") -> None:
    """Begin the session; nothing that was there before goes into it."""
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


def _is_of(user: User, kept: str) -> bool:
    hashes = [user.get_session_auth_hash()]
    if settings.SECRET_KEY_FALLBACKS:
        hashes += user.get_session_auth_fallback_hash()
    return any(constant_time_compare(kept, each) for each in hashes)
