"""Spam and guessing held off without knowing anybody: tallies that forget, and a little work.

Addresses are counted as `bihuan.tallies` does; reports never carry one.
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

# Nobody reads, fills in and sends a form faster.
SHORTEST = timedelta(seconds=3)
# About sixty thousand hashes: a second on a cheap phone, nothing to whoever sends one report.
WORK_BITS = 16


class Tried(StrEnum):
    """What is counted."""

    REPORT = "report"
    PHOTO = "photo"
    FORM = "form"
    GUESS = "guess"
    SAY = "say"
    ME_TOO = "me_too"
    BOOK = "book"


# So often within an hour from one address, behind which a whole village may stand.
MOST: Mapping[Tried, int] = {
    Tried.PHOTO: 300,
    Tried.FORM: 600,
    # Other codes that were wrong; after them each try takes a little work.
    Tried.GUESS: 20,
    Tried.SAY: 60,
    Tried.ME_TOO: 30,
    Tried.BOOK: 10,
}
# So often within an hour with one code; and so often however full its address is.
MOST_WITH_CODE, ALWAYS_WITH_CODE = 60, 6
CHALLENGE = "/guess"
WITHOUT_WORK = 4  # one in so many may come without the proof of work


class TooMany(Refusal):
    """So much came from one place within the hour that the rest has to wait."""


class TooManyCodes(TooMany):
    """So many wrong codes came from one place that each more takes a little work."""


class TooFast(Refusal):
    """It was sent faster than anybody reads."""


class Trapped(Refusal):
    """The field that nobody sees was filled in."""


def require_room(tried: Tried, request: HttpRequest, now: datetime, *, share: int = 1) -> None:
    """Refuse what comes too often from the same place; ask before anything costly is done."""
    if counting.is_full(_mark(tried, request, now), max(_most(tried) // share, 1)):
        raise TooMany


def require_room_with_code(tried: Tried, request: HttpRequest, now: datetime, *, code: int) -> None:
    """The same for the holder of a code, who has room whatever others behind the address did."""
    mark = _mark_of_code(tried, code, now)
    if counting.is_full(mark, MOST_WITH_CODE):
        raise TooMany
    if counting.is_full(mark, ALWAYS_WITH_CODE):
        require_room(tried, request, now)


def note(tried: Tried, request: HttpRequest, now: datetime, *, code: int | None = None) -> None:
    """Count one more, however many there are."""
    counting.count(_mark(tried, request, now), now)
    if code is not None:
        counting.count(_mark_of_code(tried, code, now), now)


def admit(tried: Tried, request: HttpRequest, now: datetime, *, share: int = 1) -> None:
    """Count one more, or refuse what comes too often from the same place."""
    if not counting.count(_mark(tried, request, now), now, max(_most(tried) // share, 1)):
        raise TooMany


def is_first(form: str, now: datetime) -> bool:
    """Whether this form comes for the first time within the hour: pressed twice, it counts once."""
    return counting.is_first(counting.mark_of(f"form/{form}", now), now)


def _most(tried: Tried) -> int:
    return settings.REPORTS_PER_HOUR if tried is Tried.REPORT else MOST[tried]


def _none_yet(request: HttpRequest) -> dict[tuple[Tried, datetime], bytes]:
    return {}


_marks = PerObject("marks", _none_yet)


def _mark(tried: Tried, request: HttpRequest, now: datetime) -> bytes:
    """Worked out once for each request, which asks for room first and is counted after."""
    known, key = _marks(request), (tried, now.replace(minute=0, second=0, microsecond=0))
    if key not in known:
        known[key] = counting.mark_of(f"{tried}/{network_of(request)}", now)
    return known[key]


def _mark_of_code(tried: Tried, code: int, now: datetime) -> bytes:
    return counting.mark_of(f"{tried}/code/{code}", now)


# ------------------------------------------------------------------------ codes
def require_guess(request: HttpRequest, now: datetime) -> None:
    """Let a code be tried; after many wrong ones from this address only with a little work.

    So nobody keeps others behind the same address from their reports. It may be used once.
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
    """What a little work is to be done on before another code is tried."""
    return tokens.new(now, CHALLENGE)


# --------------------------------------------------------------- a little work
def is_worked(challenge: str, answer: str) -> bool:
    """Whether the answer makes the challenge's hash begin with enough zero bits."""
    if not challenge or not answer.isascii() or len(answer) > 20:
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - WORK_BITS) == 0
