"""API keys of other systems: created, shown once, recognised by their hash, revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from bihuan.api.acts import ApiAct
from bihuan.api.models import ApiKey, Arrival
from bihuan.cases.models import Evidence
from bihuan.core import legible
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, Refusal
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.holdings import PassingOn
from bihuan.orgs.models import Unit, User

PER_MINUTE = 60
PHOTOS_PER_HOUR = 600
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_SHOWN = 8


class WrongKey(Refusal):
    """The key is unknown, revoked or missing."""


class TooOften(Refusal):
    """More reports with one key within a minute than any system should send."""


class KeyEnded(Refusal):
    """The key is already revoked."""


@transaction.atomic
def make_key(*, name: str, unit: Unit, actor: User, now: datetime) -> tuple[ApiKey, str]:
    """Create a key for a unit's system; the result holds the plain key, which is not stored."""
    access.require(actor, Power.ADMINISTER, unit=unit, now=now)
    require_open(unit)
    if not legible.has_words(name):
        raise Missing("name")
    key_text = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=legible.clean(name),
        unit=unit,
        start=key_text[:_SHOWN],
        key_hash=_hash(key_text),
        made_by=actor,
        made_at=now,
    )
    detail = {"name": key.name, "unit": unit.name}
    record(key.subject, ApiAct.MAKE_KEY, by=actor, at=now, after=detail, detail=detail)
    return key, key_text


@transaction.atomic
def end_key(*, key: ApiKey, actor: User, now: datetime, reason: str = "") -> ApiKey:
    """Revoke a key: no more reports are accepted with it."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    access.require(actor, Power.ADMINISTER, unit=key.unit, now=now)
    if not legible.has_words(reason):
        raise Missing("reason")
    if key.ended_at is not None:
        raise KeyEnded
    key.ended_at = now
    key.save(update_fields=["ended_at"])
    record(key.subject, ApiAct.END_KEY, by=actor, at=now, note=reason, after={"ended_at": now})
    return key


def known(text: str, now: datetime) -> ApiKey:
    """Return the key that a system sent, and record its use today; raise `WrongKey` if it is
    not valid.
    """
    keys = ApiKey.objects.filter(key_hash=_hash(text), ended_at=None)
    key = keys.select_related("unit").first() if text else None
    if key is None:
        raise WrongKey
    today = localdate(now)
    unused = Q(used_on=None) | Q(used_on__lt=today)
    ApiKey.objects.filter(unused, pk=key.pk).update(used_on=today)
    return key


def require_seldom(key: ApiKey, now: datetime) -> None:
    """Limit the rate of requests, so that a faulty system cannot send without end."""
    recent = Arrival.objects.filter(key=key, arrived_at__gt=now - _MINUTE)
    if recent[PER_MINUTE - 1 : PER_MINUTE].exists():
        raise TooOften


def require_few_photos(key: ApiKey, coming: int, now: datetime) -> None:
    """Limit the number of photos in the same way, before any of them is processed."""
    recent = Evidence.objects.filter(
        case__arrival__key=key, case__arrival__arrived_at__gt=now - _HOUR
    )
    if coming and recent.count() + coming > PHOTOS_PER_HOUR:
        raise TooOften


def _hash(text: str) -> bytes:
    """A fast hash, because a key is long and random and cannot be guessed."""
    return hashlib.sha256(text.encode()).digest()


# ---------------------------------------------------------- of a unit that closes
def of_unit(unit: Unit, on: date) -> int:
    """Return how many systems report to the unit."""
    return ApiKey.objects.filter(unit=unit, ended_at=None).count()


def pass_on(passing: PassingOn) -> int:
    """Assign the keys of a closed unit to its successor."""
    keys = ApiKey.objects.select_for_update().filter(unit=passing.unit, ended_at=None)
    found = list(keys.order_by("pk"))
    for key in found:
        key.unit = passing.successor
        key.save(update_fields=["unit"])
        before, after = {"unit": passing.unit.name}, {"unit": passing.successor.name}
        record(
            key.subject,
            ApiAct.MOVE_KEY,
            by=passing.actor,
            at=passing.now,
            note=passing.reason,
            before=before,
            after=after,
            detail=after,
        )
    return len(found)
