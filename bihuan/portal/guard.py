"""Anonymous protection against spam and guessing: short-lived counts, and proof of work.

Addresses are counted by `bihuan.tallies`; reports never contain one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest

from bihuan.core.once import PerObject
from bihuan.core.refusal import Refusal
from bihuan.portal import tokens
from bihuan.tallies import counting
from bihuan.tallies.addresses import network_of

# No person reads, fills in and sends a form faster.
SHORTEST = timedelta(seconds=3)
# About sixty thousand hashes: a second on a cheap phone, negligible for a single report.
WORK_BITS = 16


class Tried(StrEnum):
    """What is counted."""

    REPORT = "report"
    PHOTO = "photo"
    DOCUMENT = "document"
    FORM = "form"
    GUESS = "guess"
    SAY = "say"
    ME_TOO = "me_too"
    BOOK = "book"


# The limit per hour for one address, which a whole village may share.
MOST: Mapping[Tried, int] = {
    Tried.PHOTO: 300,
    # Of at most 10 MB each, which are stored for hours.
    Tried.DOCUMENT: 30,
    Tried.FORM: 600,
    # Wrong codes; after this many, each attempt needs proof of work.
    Tried.GUESS: 20,
    Tried.SAY: 60,
    Tried.ME_TOO: 30,
    Tried.BOOK: 10,
}
# The limits per hour with one code, in general and if its address is over the limit.
MOST_WITH_CODE, ALWAYS_WITH_CODE = 60, 6
CHALLENGE = "/guess"
WITHOUT_WORK = 4  # one in this many may come without the proof of work


class TooMany(Refusal):
    """One address is over its hourly limit, and must wait."""


class TooManyCodes(TooMany):
    """Too many wrong codes came from one address, so further attempts need proof of work."""


class TooFast(Refusal):
    """It was sent faster than any person reads."""


class Trapped(Refusal):
    """The hidden honeypot field was filled in."""


def require_room(tried: Tried, request: HttpRequest, now: datetime, *, share: int = 1) -> None:
    """Refuse requests over the limit of their address; call it before anything costly."""
    if counting.is_full(_mark(tried, request, now), max(_most(tried) // share, 1)):
        raise TooMany


def require_room_with_code(tried: Tried, request: HttpRequest, now: datetime, *, code: int) -> None:
    """Do the same for the holder of a code, whose own limit does not depend on others at the
    address.
    """
    mark = _mark_of_code(tried, code, now)
    if counting.is_full(mark, MOST_WITH_CODE):
        raise TooMany
    if counting.is_full(mark, ALWAYS_WITH_CODE):
        require_room(tried, request, now)


def note(tried: Tried, request: HttpRequest, now: datetime, *, code: int | None = None) -> None:
    """Count one more, without a limit."""
    counting.count(_mark(tried, request, now), now)
    if code is not None:
        counting.count(_mark_of_code(tried, code, now), now)


def admit(tried: Tried, request: HttpRequest, now: datetime, *, share: int = 1) -> None:
    """Count one more; refuse requests over the limit of their address."""
    if not counting.count(_mark(tried, request, now), now, max(_most(tried) // share, 1)):
        raise TooMany


def is_first(form: str, now: datetime) -> bool:
    """Whether this form comes for the first time within the hour: a double click counts once."""
    return counting.is_first(counting.mark_of(f"form/{form}", now), now)


def _most(tried: Tried) -> int:
    return settings.REPORTS_PER_HOUR if tried is Tried.REPORT else MOST[tried]


def _none_yet(request: HttpRequest) -> dict[tuple[Tried, datetime], bytes]:
    return {}


_marks = PerObject("marks", _none_yet)


def _mark(tried: Tried, request: HttpRequest, now: datetime) -> bytes:
    """Calculated once per request, which is checked first and counted later."""
    known, key = _marks(request), (tried, now.replace(minute=0, second=0, microsecond=0))
    if key not in known:
        known[key] = counting.mark_of(f"{tried}/{network_of(request)}", now)
    return known[key]


def _mark_of_code(tried: Tried, code: int, now: datetime) -> bytes:
    return counting.mark_of(f"{tried}/code/{code}", now)


# ------------------------------------------------------------------------ codes
def require_guess(request: HttpRequest, now: datetime) -> None:
    """Allow an attempt to enter a code; after many wrong ones from this address only with proof of
    work.

    So no one can lock out others at the same address. Each proof can be used once.
    """
    if not counting.is_full(_mark(Tried.GUESS, request, now), _most(Tried.GUESS)):
        return
    challenge = request.POST.get("challenge", "")
    key = tokens.read(challenge, CHALLENGE)
    if key is None or now - key.opened_at > counting.HOUR:
        raise TooManyCodes
    if not is_worked(challenge, request.POST.get("work", "")) or not is_first(key.key, now):
        raise TooManyCodes


def note_guess(code: str, request: HttpRequest, now: datetime) -> None:
    """Count a wrong code; the same one again, as a person types it, counts once."""
    if is_first(f"{Tried.GUESS}/{network_of(request)}/{code}", now):
        note(Tried.GUESS, request, now)


def challenge(now: datetime) -> str:
    """Return the challenge for the proof of work before another attempt."""
    return tokens.new(now, CHALLENGE)


# --------------------------------------------------------------- a little work
def is_worked(challenge: str, answer: str) -> bool:
    """Whether the answer makes the challenge's hash begin with enough zero bits."""
    if not challenge or not answer.isascii() or len(answer) > 20:
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - WORK_BITS) == 0
