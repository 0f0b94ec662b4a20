"""Limits on code attempts: those of the sign-in, but counted by officer only.

An attempt needs the password, so a limit for the user name from any network does not lock out an
officer with a known device; each known device has five attempts of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bihuan.orgs import devices
from bihuan.orgs.actions.signing_in import LOCK, Place
from bihuan.orgs.models import User
from bihuan.orgs.refusals import TooManyTries
from bihuan.tallies import counting


@dataclass
class Try:
    """One attempt, which counts as a failure until it is marked as correct."""

    is_last: bool
    was_right: bool = False


@contextmanager
def one(user: User, place: Place, now: datetime) -> Iterator[Try]:
    """Count an attempt before the check; remove the count if it was correct or never took place."""
    own, others = _marks(user, place, now)
    for mark, most in {**own, **others}.items():
        if not counting.count(mark, now, most):
            raise TooManyTries
    attempt = Try(any(counting.is_full(mark, most) for mark, most in own.items()))
    try:
        yield attempt
    except Exception:
        for mark in {**own, **others}:
            counting.uncount(mark)
        raise
    if attempt.was_right:
        for mark in own:
            counting.clear(mark)
        for mark in others:
            counting.uncount(mark)


def _marks(user: User, place: Place, now: datetime) -> tuple[dict[bytes, int], dict[bytes, int]]:
    """Return the counters that a failure increments, with their limits: the officer's own device,
    and all others.
    """
    mark: Callable[[str], bytes] = lambda what: counting.mark_of(  # noqa: E731
        f"second-step/{what}", now, window=LOCK
    )
    device = devices.known(place.cookie, user)
    if device:
        return {mark(f"device/{device}/{user.pk}"): settings.SIGN_IN_ATTEMPTS}, {}
    return (
        {mark(f"name/{user.pk}"): settings.SIGN_IN_ATTEMPTS},
        {mark(f"from/{place.network}"): settings.SIGN_IN_ATTEMPTS_FROM_ADDRESS},
    )
