"""Codes that an officer has seen: renewed by the reporter, used at a desk, and the acts that are
held.

See docs/decisions/0136-codes-from-a-desk.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.cases import answering, queries
from bihuan.cases.models import Case, Exclusion
from bihuan.cases.queries import prepared
from bihuan.core import codes as digits
from bihuan.core import legible, routing
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.receipts import codes, held
from bihuan.receipts.actions import intake
from bihuan.receipts.models import HeldAct, SpentCode, TrackingCode

# Who serves people at a desk, and who confirms above it.
SERVING = frozenset({Power.HANDLE, Power.COORDINATE, Power.APPROVE})
CONFIRMING = frozenset({Power.COORDINATE, Power.SUPERVISE, Power.APPROVE})


class AlreadyRenewed(Refusal):
    """Another code has already replaced this one."""


class WrongGroup(Refusal):
    """The last group of the new code was not typed, so it may not have been written down."""


class AlreadyDecided(Refusal):
    """The act was already confirmed or refused."""


# --------------------------------------------------------------------- renewal
@transaction.atomic
def renew(*, code: int, form_key: str, last: str, now: datetime) -> TrackingCode:
    """Replace a code that an officer has seen by the code derived from the form's key.

    The old code works until the last group of the new one was typed; from then on it is invalid.
    The same form sent twice has no further effect.
    """
    row = TrackingCode.objects.select_for_update().get(pk=code)
    taken = codes.code_for(form_key, row.slot)
    if _is(row, taken):
        return row
    if not row.is_from_desk:
        raise AlreadyRenewed
    if digits.last_group(last) != taken[-4:]:
        raise WrongGroup
    _give(row, taken, now)
    row.is_from_desk = False
    row.save()
    detail = {"slot": row.slot, "by_reporter": True}
    record(row.case.subject, "renew_code", by=None, at=now, detail=detail)
    return row


@transaction.atomic
def replace(*, code: int, form_key: str, actor: User, now: datetime, note: str) -> str:
    """Give the holder of the slip another code if someone else had renewed it.

    Only officers who may confirm acts by a code from a desk can do so; the renewed code becomes
    invalid.
    """
    row = TrackingCode.objects.select_for_update().get(pk=code)
    seat = _confirming(_case_of(row), actor, now)
    if not legible.has_words(note):
        raise Missing("note")
    given = codes.code_for(form_key, row.slot)
    if not _is(row, given):
        _give(row, given, now)
        row.is_from_desk = True
        row.save()
        detail = {"slot": row.slot, "unit": seat.name}
        record(
            row.case.subject, "replace_code", by=actor, at=now, note=legible.clean(note),
            detail=detail,
        )  # fmt: skip
    return given


def may_replace(*, code: int, actor: User, now: datetime) -> bool:
    try:
        _confirming(_case_of(TrackingCode.objects.get(pk=code)), actor, now)
    except NotAllowed:
        return False
    return True


def _is(row: TrackingCode, code: str) -> bool:
    quick, slow = codes.every_hash(code)
    lies = row.code_hash or row.quick_hash
    return lies is not None and bytes(lies) in (*quick, *slow)


def _give(row: TrackingCode, code: str, now: datetime) -> None:
    old = row.code_hash or row.quick_hash
    assert old is not None, "a code is hardened or waits for it"
    SpentCode.objects.create(code=row, code_hash=bytes(old), spent_at=now)
    intake.put(row, code)
    row.renewed_at, row.renewals = now, row.renewals + 1


# ------------------------------------------------------------------- at a desk
@transaction.atomic
def enter_at_desk(*, code: int, actor: User, now: datetime) -> Unit:
    """Record that an officer entered the code in the reporter's presence, and so has seen it.

    At any desk that is not excluded from the case; the reporter sees which desk.
    """
    row = TrackingCode.objects.select_for_update().get(pk=code)
    unit = require_desk(row, actor, now)
    if not row.is_from_desk:
        row.is_from_desk = True
        row.save(update_fields=["is_from_desk"])
    detail = {"slot": row.slot, "unit": unit.name}
    record(row.case.subject, "enter_at_desk", by=actor, at=now, detail=detail)
    return unit


def require_desk(row: TrackingCode, actor: User, now: datetime) -> Unit:
    """Return the unit at whose desk the officer serves; raise `NotAllowed` if it is excluded."""
    seats = [seat for seat in access.own_seats(actor, localdate(now)) if seat.powers & SERVING]
    if not seats or queries.shuts_out(_case_of(row), actor, now):
        raise NotAllowed
    return max(seats, key=lambda seat: len(seat.unit.path)).unit


@transaction.atomic
def note_desk_act(*, row: TrackingCode, act: str, actor: User, now: datetime) -> None:
    """Record that the act that follows was entered in the reporter's presence."""
    unit = require_desk(row, actor, now)
    detail = {"slot": row.slot, "unit": unit.name, "act": act, "desk_code": True}
    record(row.case.subject, "act_at_desk", by=actor, at=now, detail=detail)


# ------------------------------------------------------------------- held acts
def is_wary(row: TrackingCode, case: Case) -> bool:
    """Whether acts that end or weaken the reporter's position are held although the code was
    renewed.

    The clerk who printed it may have renewed it first; if there is a complaint about someone, the
    act must be confirmed.
    """
    was_seen = row.is_from_desk or row.renewals > 0
    complained_of = Exclusion.objects.filter(case=case).exclude(cause=Exclusion.Cause.INTEREST)
    return was_seen and (row.is_from_desk or case.is_confidential or complained_of.exists())


@transaction.atomic
def hold(
    *,
    code: int,
    act: str,
    values: Mapping[str, Any],
    now: datetime,
    actor: User | None = None,
) -> HeldAct:
    """Hold an act until it is confirmed above; if it is repeated, the last version applies."""
    row = TrackingCode.objects.select_for_update().get(pk=code)
    case = _case_of(row)
    unit = require_desk(row, actor, now) if actor else None
    held.named(act)
    given, _ = HeldAct.objects.update_or_create(
        code=row,
        act=act,
        decided_at=None,
        defaults={
            "case": case, "said": dict(values), "held_at": now, "unit": unit, "member": actor,
        },
    )  # fmt: skip
    detail: dict[str, Any] = {"slot": row.slot, "act": act, "desk_code": row.is_from_desk}
    detail |= {"unit": unit.name} if unit else {"by_reporter": True}
    record(case.subject, "hold_act", by=actor, at=now, detail=detail)
    tell(
        deciders(given, case, now),
        subject=case.subject,
        what="held",
        cause=f"held/{given.pk}",
        now=now,
        detail={"title": case.title},
    )
    return given


@transaction.atomic
def decide(*, given: HeldAct, actor: User, is_wanted: bool, note: str, now: datetime) -> HeldAct:
    """Record whether the reporter wants it, and how that was verified; only then it takes
    effect.
    """
    given = HeldAct.objects.select_for_update().select_related("code").get(pk=given.pk)
    case = _case_of(given.code)
    if given.decided_at is not None:
        raise AlreadyDecided
    unit = _deciding(given, case, actor, now)
    if not legible.has_words(note):
        raise Missing("note")
    given.decided_at, given.decided_by, given.is_confirmed = now, actor, is_wanted
    given.note = legible.clean(note)
    given.save()
    detail = {"slot": given.code.slot, "unit": unit.name, "act": given.act}
    name = "confirm_held" if is_wanted else "refuse_held"
    record(case.subject, name, by=actor, at=now, note=given.note, detail=detail)
    if is_wanted:
        holding = held.named(given.act)
        holding.carry_out(given.code, given.said, now, f"held/{given.pk}")
    return given


def waiting(case: Case) -> list[HeldAct]:
    """Return what waits for confirmation, oldest first."""
    rows = HeldAct.objects.filter(case=case, decided_at=None).order_by("held_at", "pk")
    return list(rows.select_related("unit", "member", "code"))


def may_decide(given: HeldAct, case: Case, actor: User, now: datetime) -> bool:
    try:
        _deciding(given, case, actor, now)
    except NotAllowed:
        return False
    return True


def deciders(given: HeldAct, case: Case, now: datetime) -> list[User]:
    """Return who is notified: the nearest of the confirming units with such an officer."""
    for path in _paths(case, given.unit):
        found = [
            member
            for member in answering.holders(case, [path], CONFIRMING, now)
            if member.pk not in (given.member_id, case.reported_by_id)
        ]
        if found:
            return found
    return []


def _deciding(given: HeldAct, case: Case, actor: User, now: datetime) -> Unit:
    if given.member_id in access.same_person(actor, given.held_at, now):
        raise NotAllowed
    return _confirming(case, actor, now, given.unit)


def _confirming(case: Case, actor: User, now: datetime, desk: Unit | None = None) -> Unit:
    """Return the unit from which the officer confirms; never the clerk who printed the slip,
    and not by a new post or password: an administrator alone could be both.
    """
    same = access.same_person(actor, case.reported_at, now)
    if case.reported_by_id in same or queries.is_shut_to(actor, case, now):
        raise NotAllowed
    paths = _paths(case, desk)
    for seat in access.settled_seats(actor, now):
        if seat.unit.path in paths and seat.powers & CONFIRMING:
            return seat.unit
    raise NotAllowed


def _paths(case: Case, desk: Unit | None) -> list[str]:
    at = desk.path if desk else ""
    return paths(case.owner.path, at, is_confidential=case.is_confidential)


def paths(owner: str, desk: str, *, is_confidential: bool) -> list[str]:
    """Return the units that confirm, nearest first.

    A confidential case is with the unit above those complained of, and only its posts on the
    need-to-know list confirm.
    """
    return [owner, *routing.above(owner)] if is_confidential else routing.deciding(owner, desk)


def _case_of(row: TrackingCode) -> Case:
    return prepared.numbered(row.case.number).get()
