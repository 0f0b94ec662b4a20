"""How many codes may be tried: the limits of the sign-in, but counted by the officer alone.

Only somebody with the password comes so far, so a limit for the name from wherever locks nobody
out who has a device that is known; each of those has its own five tries.
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
    """One try, which counts as a failure until it is said that it was right."""

    is_last: bool
    was_right: bool = False


@contextmanager
def one(user: User, place: Place, now: datetime) -> Iterator[Try]:
    """Count a try before it is made, and take it back when it was right, or never came to be."""
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
    """What a failure counts for, with the most there may be: the officer's own, and others'."""
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
