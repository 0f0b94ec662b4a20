"""Exclude cases from disposal: for a court, an audit, an inquiry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.actions.steps import lock_unit
from bihuan.orgs.holdings import Moving
from bihuan.orgs.models import Unit, User
from bihuan.receipts.actions import amendments
from bihuan.retention import queries
from bihuan.retention.models import Hold
from bihuan.retention.refusals import NotHeld

HOLD, LIFT_HOLD = "hold", "lift_hold"


@transaction.atomic
def hold_case(*, case: Case, reason: str, actor: User, now: datetime) -> Hold:
    """Place a case that the officer can see on hold."""
    case = Case.objects.select_for_update(of=("self",)).select_related("owner").get(pk=case.pk)
    _require(actor, case.owner, now)
    row = Hold.objects.create(case=case, reason=reason, set_by=actor, set_at=now)
    record(case.subject, HOLD, by=actor, at=now, note=reason)
    return row


@transaction.atomic
def hold_unit(*, unit: Unit, reason: str, actor: User, now: datetime) -> Hold:
    """Place every case of the unit and of those below it on hold."""
    _require(actor, unit, now)
    lock_unit(unit)
    row = Hold.objects.create(unit=unit, reason=reason, set_by=actor, set_at=now)
    record(row.subject, HOLD, by=actor, at=now, note=reason, detail={"unit": unit.code})
    return row


def stay_held(moving: Moving) -> None:
    """Keep the holds of a unit's former superiors after it was moved; otherwise an
    administrator could release cases that an inquiry requires.
    """
    left = set(moving.paths_before) - set(moving.unit.paths_above())
    over = Hold.objects.filter(unit__path__in=left, lifted_at=None)
    for row in over.select_related("unit").order_by("pk"):
        own = Hold.objects.create(
            unit=moving.unit, reason=row.reason, set_by_id=row.set_by_id, set_at=moving.now
        )
        detail = {"unit": moving.unit.code, "from": row.pk}
        record(own.subject, HOLD, by=moving.actor, at=moving.now, note=row.reason, detail=detail)


@transaction.atomic
def lift(*, row: Hold, why: str, actor: User, now: datetime) -> Hold:
    """Lift a hold."""
    row = Hold.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.lifted_at:
        raise NotHeld
    if not may_lift(row, actor, now):
        raise NotAllowed(Power.AUDIT)
    row.lifted_at, row.lifted_by, row.why_lifted = now, actor, why
    row.save(update_fields=["lifted_at", "lifted_by", "why_lifted"])
    record(row.subject, LIFT_HOLD, by=actor, at=now, note=why)
    amendments.tell_hold_is_over(among=queries.held_by(row), actor=actor, now=now)
    return row


def may_lift(row: Hold, user: User, now: datetime) -> bool:
    """Whether the officer may lift it: who placed it may, and for other holds an auditor, or a
    coordinator above the unit.

    Otherwise the officers who are the subject of an inquiry could release the files.
    """
    has = access.has_settled
    unit = row.case.owner if row.case else row.unit
    assert unit is not None, "a constraint says that it is on one of them"
    if has(user, Power.AUDIT, unit=unit, now=now):
        return True
    over = unit if row.set_by_id == user.pk else unit.parent
    return over is not None and has(user, Power.COORDINATE, unit=over, now=now)


def _require(actor: User, unit: Unit, now: datetime) -> None:
    if not any(access.has(actor, power, unit=unit, now=now) for power in queries.HOLDS):
        raise NotAllowed(Power.COORDINATE)
