"""Sealing who reported, opening it for a reason, and erasing it.

Each seal has a key of its own; that key is wrapped by one of `BIHUAN_SEAL_KEYS`, which are not
in the database. So a dump says nothing about who, and erasing a row erases the person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bihuan.cases import queries
from bihuan.cases.models import REPORTER, Case, Opening, Seal
from bihuan.core import seals as rules
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs.models import User

AT_ONCE = 500


@dataclass(frozen=True)
class Identity:
    """What somebody chose to tell us of themselves. It is never logged: its repr says nothing."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return "Identity(…)"

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.email, self.address))


def keys() -> MultiFernet:
    """The keys outside the database, the newest of which locks."""
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


def seal(*, case: Case, identity: Identity, now: datetime, slot: str = REPORTER) -> Seal | None:
    """Lock away what was told, in the transaction of the report; nothing told, nothing kept."""
    if not identity:
        return None
    key = Fernet.generate_key()
    content = json.dumps(asdict(identity), ensure_ascii=False)
    return Seal.objects.create(
        case=case,
        slot=slot,
        wrapped_key=keys().encrypt(key).decode(),
        content=Fernet(key).encrypt(content.encode()).decode(),
        sealed_at=now,
    )


def unsealed(row: Seal) -> Identity:
    """What the seal holds; only `look` and the delivery of messages ask."""
    if row.erased_at is not None:
        raise rules.Erased
    key = keys().decrypt(row.wrapped_key.encode())
    return Identity(**json.loads(Fernet(key).decrypt(row.content.encode())))


# --------------------------------------------------------------------- opening
@transaction.atomic
def ask_opening(*, row: Seal, actor: User, reason: str, now: datetime) -> Opening:
    """State why the seal must be opened; for an accusation somebody else has to allow it."""
    case = _required(row, actor, now)
    said = rules.require_reason(reason)
    lasts = rules.TWO_PEOPLE if case.is_confidential else rules.LOOK_AGAIN
    opening = Opening.objects.create(
        seal=row, reason=said, asked_by=actor, asked_at=now, until_at=now + lasts
    )
    if case.is_confidential:
        record(case.subject, "ask_opening", by=actor, at=now, note=said, detail=_slot(row))
        others = queries.answerable_for_opening(case, now)
        tell(
            [other for other in others if other != actor],
            subject=case.subject,
            what="ask_opening",
            cause=f"opening/{opening.pk}",
            now=now,
        )
    return opening


@transaction.atomic
def allow_opening(*, opening: Opening, actor: User, now: datetime) -> Opening:
    """The second person agrees that the reason is one."""
    opening = Opening.objects.select_for_update().select_related("seal").get(pk=opening.pk)
    case = _required(opening.seal, actor, now)
    rules.require_second(opening.asked_by_id, actor.pk)
    opening.allowed_by, opening.allowed_at = actor, now
    opening.save(update_fields=["allowed_by", "allowed_at"])
    record(case.subject, "allow_opening", by=actor, at=now, detail=_slot(opening.seal))
    return opening


@transaction.atomic
def look(*, opening: Opening, actor: User, now: datetime) -> Identity:
    """Show what the seal holds, once more or for the first time; the first look is a receipt."""
    opening = Opening.objects.select_for_update().select_related("seal").get(pk=opening.pk)
    case = _required(opening.seal, actor, now)
    if opening.asked_by_id != actor.pk or not opening.lasts_at(now):
        raise rules.ReasonTooShort
    if case.is_confidential and opening.allowed_by_id is None:
        raise rules.SecondPersonNeeded
    identity = unsealed(opening.seal)
    if opening.opened_at is None:
        opening.opened_at, opening.until_at = now, now + rules.LOOK_AGAIN
        opening.save(update_fields=["opened_at", "until_at"])
        unit = case.owner.name
        detail = {**_slot(opening.seal), "unit": unit, "two": case.is_confidential}
        record(case.subject, "open_seal", by=actor, at=now, note=opening.reason, detail=detail)
    return identity


def _required(row: Seal, actor: User, now: datetime) -> Case:
    case = queries.case_for(actor, row.case.number, now)
    rules.require_opener(queries.person(actor, now), case.owner.path)
    return case


def _slot(row: Seal) -> dict[str, object]:
    return {"slot": row.slot}


# ------------------------------------------------------------ keys and erasure
def rotate(*, now: datetime) -> int:
    """Wrap the key of every seal by the newest of the keys; how many were."""
    done, last = 0, 0
    while batch := list(_kept().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for row in batch:
            done += _rewrapped(row)
        last = batch[-1].pk
    return done


def _kept() -> QuerySet[Seal]:
    return Seal.objects.filter(erased_at=None)


@transaction.atomic
def _rewrapped(row: Seal) -> int:
    row = Seal.objects.select_for_update().get(pk=row.pk)
    if row.erased_at is not None:
        return 0
    row.wrapped_key = keys().rotate(row.wrapped_key.encode()).decode()
    row.save(update_fields=["wrapped_key"])
    return 1


def erase_due(*, now: datetime) -> int:
    """Erase the seals of cases that ended long enough ago (default 180 days), journaled each."""
    before = rules.erase_before(now, settings.SEAL_KEPT_DAYS)
    return sum(_erased(row, now) for row in _due(before))


def _due(before: datetime) -> Iterator[Seal]:
    while batch := list(_kept().filter(case__ended_at__lt=before).order_by("pk")[:AT_ONCE]):
        yield from batch


@transaction.atomic
def erase(*, row: Seal, now: datetime, actor: User | None = None, why: str = "") -> None:
    """Forget who it was: the content and its key go, the case stays."""
    row = Seal.objects.select_for_update().select_related("case").get(pk=row.pk)
    if row.erased_at is not None:
        return
    row.content, row.wrapped_key, row.erased_at = "", "", now
    row.save(update_fields=["content", "wrapped_key", "erased_at"])
    record(row.case.subject, "erase_seal", by=actor, at=now, note=why, detail=_slot(row))


def _erased(row: Seal, now: datetime) -> int:
    erase(row=row, now=now)
    return 1
