"""Spam and guessing held off without knowing anybody: tallies that forget, and a little work.

An address is counted under a random key that serves for one hour and is then thrown away, so
that soon nobody can tell from which addresses anything was tried; reports never carry it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from bihuan.core.refusal import Refusal
from bihuan.portal import hour_keys
from bihuan.portal.models import Tally
from bihuan.store.planned import first_row

HOUR = timedelta(hours=1)
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
    Tried.GUESS: 20,
    Tried.SAY: 60,
    Tried.ME_TOO: 30,
    Tried.BOOK: 10,
}
SO_MANY = 2**31 - 1
WITHOUT_WORK = 4  # one in so many may come without the proof of work


class TooMany(Refusal):
    """So much came from one place within the hour that the rest has to wait."""


class TooFast(Refusal):
    """It was sent faster than anybody reads."""


class Trapped(Refusal):
    """The field that nobody sees was filled in."""


def require_room(tried: Tried, request: HttpRequest, now: datetime, *, share: int = 1) -> None:
    """Refuse what comes too often from the same place; ask before anything costly is done."""
    most = max(_most(tried) // share, 1)
    if Tally.objects.filter(mark=_mark(tried, request, now), count__gte=most).exists():
        raise TooMany


def note(tried: Tried, request: HttpRequest, now: datetime) -> None:
    """Count one more, however many there are."""
    _counted(tried, request, now, SO_MANY)


def admit(tried: Tried, request: HttpRequest, now: datetime, *, share: int = 1) -> None:
    """Count one more, or refuse what comes too often from the same place."""
    if not _counted(tried, request, now, max(_most(tried) // share, 1)):
        raise TooMany


def _counted(tried: Tried, request: HttpRequest, now: datetime, most: int) -> bool:
    """Whether one more was counted, or there were so many already.

    A tally that a crash forgets is no loss, so it waits for no disk.
    """
    counted = first_row(
        "INSERT INTO portal_tally (hour, mark, count) VALUES (%s, %s, 1) "
        "ON CONFLICT (mark) DO UPDATE SET count = portal_tally.count + 1 "
        "WHERE portal_tally.count < %s RETURNING count",
        [_hour(now), _mark(tried, request, now), most],
        lazily=True,
    )
    return counted is not None


def is_first(form: str, now: datetime) -> bool:
    """Whether this form comes for the first time within the hour: pressed twice, it counts once."""
    mark = hmac.digest(_key(_hour(now)), f"form/{form}".encode(), "sha256")
    return Tally.objects.get_or_create(mark=mark, defaults={"hour": _hour(now)})[1]


def forget(now: datetime) -> int:
    """Throw away the keys and tallies of hours that are over; how many tallies went."""
    for hour in [hour for hour in _known if hour < _hour(now)]:
        _known.pop(hour, None)
    hour_keys.forget_before(_hour(now))
    return Tally.objects.filter(hour__lt=_hour(now)).delete()[0]


def _most(tried: Tried) -> int:
    return settings.REPORTS_PER_HOUR if tried is Tried.REPORT else MOST[tried]


def _mark(tried: Tried, request: HttpRequest, now: datetime) -> bytes:
    """Worked out once for each request, which asks for room first and is counted after."""
    kept: dict[tuple[Tried, datetime], bytes] = request.__dict__.setdefault("_marks", {})
    key = (tried, _hour(now))
    if key not in kept:
        kept[key] = _marked(tried, request, now)
    return kept[key]


def _marked(tried: Tried, request: HttpRequest, now: datetime) -> bytes:
    return hmac.digest(_key(_hour(now)), f"{tried}/{network_of(request)}".encode(), "sha256")


def _key(hour: datetime) -> bytes:
    """The key of this hour, the same in every process, which remembers no other."""
    known = _known.get(hour)
    if known is None:
        known = hour_keys.of(hour)
        _known.clear()
        _known[hour] = known
    return known


_known: dict[datetime, bytes] = {}


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def network_of(request: HttpRequest) -> str:
    """Where a request comes from, only to be hashed: the address, or the network of a new one."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        said = passed[-settings.PROXIES :][0].strip() or said
    try:
        address = ip_address(said)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


# --------------------------------------------------------------- a little work
def is_worked(challenge: str, answer: str) -> bool:
    """Whether the answer makes the challenge's hash begin with enough zero bits."""
    if not challenge or not answer.isascii() or len(answer) > 20:
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - WORK_BITS) == 0
