"""Seal the reporter's identity, unseal it for a reason, and erase it.

Each seal has its own key, which is wrapped by one of `BIHUAN_SEAL_KEYS`; these are not in the
database. So a dump does not reveal identities, and erasing a row erases the identity.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bihuan.cases import queries
from bihuan.cases.models import REPORTER, Case
from bihuan.core import seals as rules
from bihuan.core.acting import Person
from bihuan.core.grants import PassedOnLately, StillWaits
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.queries import confirmers
from bihuan.receipts.accounts import Identity
from bihuan.receipts.models import Seal, UnsealRequest
from bihuan.receipts.queries import openings

AT_ONCE = 500


def keys() -> MultiFernet:
    """Return the keys from outside the database; the newest one encrypts."""
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


def seal(*, case: Case, identity: Identity, now: datetime, slot: str = REPORTER) -> Seal | None:
    """Seal the identity, in the transaction of the report; without an identity, no seal."""
    row = sealed(case=case, identity=identity, now=now, slot=slot)
    if row is not None:
        row.save()
    return row


def sealed(*, case: Case, identity: Identity, now: datetime, slot: str = REPORTER) -> Seal | None:
    """Return an unsaved seal with the encrypted identity; None if none was given."""
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
    """Decrypt a seal; only `look`, the delivery of messages, `forget_words` and `named_later`,
    which compares file names with it, do so.
    """
    if row.erased_at is not None:
        raise rules.Erased
    try:
        key = keys().decrypt(row.wrapped_key.encode())
        return Identity(**json.loads(Fernet(key).decrypt(row.content.encode())))
    except InvalidToken:
        raise rules.Unreadable from None


# --------------------------------------------------------------------- opening
@transaction.atomic
def ask_opening(
    *, row: Seal, actor: User, reason: str, now: datetime, is_danger: bool = False
) -> UnsealRequest:
    """Request to unseal, with a reason; for an accusation, another officer must approve.

    An officer whose post or password is too new may request it only in case of danger to life, and
    then another officer must approve too. A reason that is still valid is not requested again.
    """
    case, person = _required(row, actor, now)
    if not is_danger:
        _require_in_force(person, case, actor, now)
    required = rules.require_reason(reason)
    if row.erased_at is not None:
        raise rules.Erased
    mine = UnsealRequest.objects.filter(seal=row, asked_by=actor, is_danger=is_danger)
    if lasting := mine.filter(until_at__gt=now).last():
        return lasting
    how = {"is_confidential": case.is_confidential, "is_danger": is_danger}
    until_at = now + rules.lasts(**how)
    opening = UnsealRequest.objects.create(
        seal=row,
        reason=required,
        asked_by=actor,
        asked_at=now,
        until_at=until_at,
        is_danger=is_danger,
    )
    if rules.takes_two(**how):
        detail = _of(opening, case)
        record(case.subject, "ask_opening", by=actor, at=now, note=required, detail=detail)
        others = openings.openers(case, now)
        tell(
            [other for other in others if other != actor],
            subject=case.subject,
            what="ask_in_danger" if is_danger else "ask_opening",
            cause=f"opening/{opening.pk}",
            now=now,
        )
    return opening


@transaction.atomic
def allow_opening(*, opening: UnsealRequest, actor: User, now: datetime) -> UnsealRequest:
    """Approve the reason as the second officer, whose post must not be new."""
    opening, case, person = _locked(opening, actor, now)
    _require_settled(person, case, actor, now)
    same = access.same_person(actor, opening.asked_at, now)
    rules.require_second(opening.asked_by_id, same)
    rules.require_lasting(opening.until_at, now)
    if opening.allowed_by_id is None:
        opening.allowed_by, opening.allowed_at = actor, now
        opening.save(update_fields=["allowed_by", "allowed_at"])
        detail = _of(opening, case)
        record(case.subject, "allow_opening", by=actor, at=now, detail=detail)
    return opening


@transaction.atomic
def look(*, opening: UnsealRequest, actor: User, now: datetime) -> Identity:
    """Show the content of the seal; the first view is recorded on the timeline as a receipt."""
    opening, case, person = _locked(opening, actor, now)
    rules.require_asker(opening.asked_by_id, actor.pk)
    rules.require_lasting(opening.until_at, now)
    if opening.allowed_by_id is None and takes_two(opening, case):
        raise rules.SecondPersonNeeded
    if opening.is_danger:
        rules.require_as_it_was(person, case.owner.path, opening.asked_at)
    else:
        _require_in_force(person, case, actor, now)
    identity = unsealed(opening.seal)
    if opening.opened_at is None:
        opening.opened_at, opening.until_at = now, now + rules.LOOK_AGAIN
        opening.save(update_fields=["opened_at", "until_at"])
        detail = {**_of(opening, case), "two": opening.allowed_by_id is not None}
        record(case.subject, "open_seal", by=actor, at=now, note=opening.reason, detail=detail)
        if opening.is_danger:
            _tell_auditors(opening, case, now)
    return identity


def held_up(*, row: Seal, actor: User, now: datetime) -> StillWaits | None:
    """Return why this officer, who works on the case, may not unseal alone yet."""
    case, person = _required(row, actor, now)
    try:
        _require_in_force(person, case, actor, now)
    except StillWaits as waits:
        return waits
    return None


def takes_two(opening: UnsealRequest, case: Case) -> bool:
    return rules.takes_two(is_confidential=case.is_confidential, is_danger=opening.is_danger)


def _locked(
    opening: UnsealRequest, actor: User, now: datetime
) -> tuple[UnsealRequest, Case, Person]:
    rows = UnsealRequest.objects.select_for_update(of=("self",)).select_related("seal__case")
    opening = rows.get(pk=opening.pk)
    return opening, *_required(opening.seal, actor, now)


def _required(row: Seal, actor: User, now: datetime) -> tuple[Case, Person]:
    """Return the case and the officer as of now: a password may have been reset since."""
    fresh = User.objects.get(pk=actor.pk)
    case = queries.case_for(fresh, row.case.number, now)
    person = queries.person(fresh, now)
    rules.require_opener(person, case.owner.path)
    return case, person


def _require_in_force(person: Person, case: Case, actor: User, now: datetime) -> None:
    """Require that neither the officer nor the case came to this unit by a recent act of one
    administrator.
    """
    _require_settled(person, case, actor, now)
    until_at = openings.passed_on_until(case, now)
    if until_at is not None:
        raise PassedOnLately(until_at)


def _require_settled(person: Person, case: Case, actor: User, now: datetime) -> None:
    """Raise a refusal that says until when, and who can confirm it earlier."""
    try:
        rules.require_settled(person, case.owner.path, now)
    except StillWaits as waits:
        raise StillWaits(waits.until_at, confirmers(actor, case.owner, now)) from None


def _tell_auditors(opening: UnsealRequest, case: Case, now: datetime) -> None:
    """Notify the auditors of the unit that two officers unsealed it; not the subject, nor the
    reason.
    """
    tell(
        openings.auditors(case, now),
        subject=f"opening/{case.number}",
        what="opened_in_danger",
        cause=f"opening/{opening.pk}/opened",
        now=now,
        detail={
            "unit": case.owner.name,
            "who": opening.asked_by.name,
            "second": opening.allowed_by.name if opening.allowed_by else "",
        },
    )


def _of(opening: UnsealRequest, case: Case) -> dict[str, object]:
    """Return whose seal it is, and the unit that unseals: the reporter sees the unit, not the
    officer.
    """
    details: dict[str, object] = {"slot": opening.seal.slot, "unit": case.owner.name}
    return {**details, "danger": True} if opening.is_danger else details


# ------------------------------------------------------------ keys and erasure
@dataclass
class Rotated:
    """How many keys of seals were wrapped by the newest key, and how many no key decrypts."""

    seals: int = 0
    failed: int = 0


def rotate(*, now: datetime) -> Rotated:
    """Wrap the key of every seal by the newest key; those already wrapped by it are skipped.

    Each seal in its own transaction, so that a crash leaves nothing inconsistent.
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
    """Return the seals that still have content."""
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
    """Erase the seals of cases that ended long enough ago (default 180 days); each is journaled."""
    before = rules.erase_before(now, settings.SEAL_KEPT_DAYS)
    return sum(_erased(row, now) for row in _due(before))


def _due(before: datetime) -> Iterator[Seal]:
    while batch := list(kept().filter(case__ended_at__lt=before).order_by("pk")[:AT_ONCE]):
        yield from batch


@transaction.atomic
def erase(*, row: Seal, now: datetime, actor: User | None = None, why: str = "") -> None:
    """Erase the identity: its content and key are deleted, the case is kept."""
    row = Seal.objects.select_for_update().select_related("case").get(pk=row.pk)
    if row.erased_at is not None:
        return
    row.content, row.wrapped_key, row.erased_at = "", "", now
    row.save(update_fields=["content", "wrapped_key", "erased_at"])
    record(row.case.subject, "erase_seal", by=actor, at=now, note=why, detail={"slot": row.slot})


@transaction.atomic
def forget_words(*, case: Case, slot: str, now: datetime) -> None:
    """Keep the identity, and delete the original texts from before masking."""
    row = Seal.objects.select_for_update().filter(case=case, slot=slot, erased_at=None).first()
    identity = unsealed(row) if row else Identity()
    if row is None or not identity.words:
        return
    known = replace(identity, words="")
    if not known:
        erase(row=row, now=now)
        return
    again = sealed(case=case, identity=known, now=now, slot=slot)
    assert again is not None, "there is somebody to seal"
    row.wrapped_key, row.content = again.wrapped_key, again.content
    row.save(update_fields=["wrapped_key", "content"])


def _erased(row: Seal, now: datetime) -> int:
    erase(row=row, now=now)
    return 1
