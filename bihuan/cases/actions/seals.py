"""Sealing who reported, opening it for a reason, and erasing it.

Each seal has a key of its own; that key is wrapped by one of `BIHUAN_SEAL_KEYS`, which are not
in the database. So a dump says nothing about who, and erasing a row erases the person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
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
    # What they wrote, where something in it had to be masked before it was stored.
    words: str = ""

    def __repr__(self) -> str:
        return "Identity(…)"

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.email, self.address, self.words))


def keys() -> MultiFernet:
    """The keys outside the database, the newest of which locks."""
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


def seal(*, case: Case, identity: Identity, now: datetime, slot: str = REPORTER) -> Seal | None:
    """Lock away what was told, in the transaction of the report; nothing told, nothing kept."""
    row = sealed(case=case, identity=identity, now=now, slot=slot)
    if row is not None:
        row.save()
    return row


def sealed(*, case: Case, identity: Identity, now: datetime, slot: str = REPORTER) -> Seal | None:
    """What was told, locked, and not yet saved; nothing where nothing was told."""
    if not identity:
        return None
    key = Fernet.generate_key()
    content = json.dumps(asdict(identity), ensure_ascii=False)
    return Seal(
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
    try:
        key = keys().decrypt(row.wrapped_key.encode())
        return Identity(**json.loads(Fernet(key).decrypt(row.content.encode())))
    except InvalidToken:
        raise rules.Unreadable from None


# --------------------------------------------------------------------- opening
@transaction.atomic
def ask_opening(*, row: Seal, actor: User, reason: str, now: datetime) -> Opening:
    """State why the seal must be opened; for an accusation somebody else has to allow it.

    A reason of this officer that still holds is not asked for again.
    """
    case = _required(row, actor, now)
    said = rules.require_reason(reason)
    if row.erased_at is not None:
        raise rules.Erased
    if lasting := Opening.objects.filter(seal=row, asked_by=actor, until_at__gt=now).last():
        return lasting
    lasts = rules.TWO_PEOPLE if case.is_confidential else rules.LOOK_AGAIN
    opening = Opening.objects.create(
        seal=row, reason=said, asked_by=actor, asked_at=now, until_at=now + lasts
    )
    if case.is_confidential:
        record(case.subject, "ask_opening", by=actor, at=now, note=said, detail=_of(row, case))
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
    opening, case = _locked(opening, actor, now)
    rules.require_second(opening.asked_by_id, actor.pk)
    rules.require_lasting(opening.until_at, now)
    if opening.allowed_by_id is None:
        opening.allowed_by, opening.allowed_at = actor, now
        opening.save(update_fields=["allowed_by", "allowed_at"])
        detail = _of(opening.seal, case)
        record(case.subject, "allow_opening", by=actor, at=now, detail=detail)
    return opening


@transaction.atomic
def look(*, opening: Opening, actor: User, now: datetime) -> Identity:
    """Show what the seal holds, once more or for the first time; the first look is a receipt."""
    opening, case = _locked(opening, actor, now)
    rules.require_asker(opening.asked_by_id, actor.pk)
    rules.require_lasting(opening.until_at, now)
    if case.is_confidential and opening.allowed_by_id is None:
        raise rules.SecondPersonNeeded
    identity = unsealed(opening.seal)
    if opening.opened_at is None:
        opening.opened_at, opening.until_at = now, now + rules.LOOK_AGAIN
        opening.save(update_fields=["opened_at", "until_at"])
        detail = {**_of(opening.seal, case), "two": opening.allowed_by_id is not None}
        record(case.subject, "open_seal", by=actor, at=now, note=opening.reason, detail=detail)
    return identity


def _locked(opening: Opening, actor: User, now: datetime) -> tuple[Opening, Case]:
    rows = Opening.objects.select_for_update(of=("self",)).select_related("seal__case")
    opening = rows.get(pk=opening.pk)
    return opening, _required(opening.seal, actor, now)


def _required(row: Seal, actor: User, now: datetime) -> Case:
    case = queries.case_for(actor, row.case.number, now)
    rules.require_opener(queries.person(actor, now), case.owner.path)
    return case


def _of(row: Seal, case: Case) -> dict[str, object]:
    """Whose seal it is, and the unit that opens it: the person sees the unit, not the officer."""
    return {"slot": row.slot, "unit": case.owner.name}


# ------------------------------------------------------------ keys and erasure
@dataclass
class Rotated:
    """How many keys of seals were wrapped by the newest key, and how many no key opens."""

    seals: int = 0
    failed: int = 0


def rotate(*, now: datetime) -> Rotated:
    """Wrap the key of every seal by the newest of the keys; one that is so already stays.

    Each seal by itself, so that a crash in between leaves nothing half done.
    """
    done, last = Rotated(), 0
    while batch := list(kept().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for row in batch:
            try:
                done.seals += _rewrapped(row)
            except InvalidToken:
                done.failed += 1
        last = batch[-1].pk
    if done.seals:
        with transaction.atomic():
            record("installation/seals", "rotate", by=None, at=now, detail=asdict(done))
    return done


def kept() -> QuerySet[Seal]:
    """The seals that still hold something."""
    return Seal.objects.filter(erased_at=None)


@transaction.atomic
def _rewrapped(row: Seal) -> int:
    row = Seal.objects.select_for_update().get(pk=row.pk)
    if row.erased_at is not None or _by_newest(row):
        return 0
    row.wrapped_key = keys().rotate(row.wrapped_key.encode()).decode()
    row.save(update_fields=["wrapped_key"])
    return 1


def _by_newest(row: Seal) -> bool:
    try:
        Fernet(settings.SEAL_KEYS[0]).decrypt(row.wrapped_key.encode())
    except InvalidToken:
        return False
    return True


def erase_due(*, now: datetime) -> int:
    """Erase the seals of cases that ended long enough ago (default 180 days), journaled each."""
    before = rules.erase_before(now, settings.SEAL_KEPT_DAYS)
    return sum(_erased(row, now) for row in _due(before))


def _due(before: datetime) -> Iterator[Seal]:
    while batch := list(kept().filter(case__ended_at__lt=before).order_by("pk")[:AT_ONCE]):
        yield from batch


@transaction.atomic
def erase(*, row: Seal, now: datetime, actor: User | None = None, why: str = "") -> None:
    """Forget who it was: the content and its key go, the case stays."""
    row = Seal.objects.select_for_update().select_related("case").get(pk=row.pk)
    if row.erased_at is not None:
        return
    row.content, row.wrapped_key, row.erased_at = "", "", now
    row.save(update_fields=["content", "wrapped_key", "erased_at"])
    record(row.case.subject, "erase_seal", by=actor, at=now, note=why, detail={"slot": row.slot})


def _erased(row: Seal, now: datetime) -> int:
    erase(row=row, now=now)
    return 1
