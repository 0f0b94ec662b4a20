"""The responsible unit of a case: disputed transfers and assisting units."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases import queries
from bihuan.cases.actions import binding
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Assist, Case, Contest
from bihuan.core.refusal import Missing
from bihuan.orgs.models import Post, Unit, User


@transaction.atomic
def contest(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Dispute a transfer, with reasons; a common superior decides while the clocks continue."""
    act = begin(case=case, move="contest", actor=actor, now=now, note=note, version=version)
    Contest.objects.create(
        case=act.case,
        from_unit=act.case.sender or act.case.origin,
        to_unit=act.case.owner,
        reason=act.note,
        raised_by=actor,
        raised_at=now,
    )
    return finish(act)


@transaction.atomic
def decide_contest(
    *,
    case: Case,
    actor: User,
    now: datetime,
    upheld: bool,
    note: str,
    unit: Unit | None = None,
    post: Post | None = None,
    version: int | None = None,
) -> Case:
    """Reject the dispute, or uphold it and name the responsible unit instead."""
    act = begin(case=case, move="decide_contest", actor=actor, now=now, note=note, version=version)
    if upheld and (unit is None or post is None):
        raise Missing("unit", "post")
    waiting = Contest.objects.get(case=act.case, upheld=None)
    waiting.upheld, waiting.answer = upheld, act.note
    waiting.decided_by, waiting.decided_at = actor, now
    waiting.save(update_fields=["upheld", "answer", "decided_by", "decided_at"])
    if upheld and unit and post:
        binding.give(act, unit)
        act.change(act.case, owner=unit, post=post, sender=act.unit)
        act.detail["owner"] = unit.name
    act.detail["upheld"] = upheld
    return finish(act)


@transaction.atomic
def add_assist(
    *, case: Case, actor: User, now: datetime, unit: Unit, note: str, version: int | None = None
) -> Case:
    """Add an assisting unit; it sees the case and may record its steps."""
    act = begin(case=case, move="add_assist", actor=actor, now=now, note=note, version=version)
    queries.require_may_hold(act.case, now, unit)
    Assist.objects.get_or_create(
        case=act.case, unit=unit, ended_at=None, defaults={"task": act.note, "added_at": now}
    )
    act.detail["assisting"] = unit.name
    act.named.append(unit)
    return finish(act)


@transaction.atomic
def end_assist(
    *, case: Case, actor: User, now: datetime, unit: Unit, version: int | None = None
) -> Case:
    """Record that the assisting unit has done its part."""
    act = begin(case=case, move="end_assist", actor=actor, now=now, version=version)
    if not Assist.objects.filter(case=act.case, unit=unit, ended_at=None).update(ended_at=now):
        raise Missing("unit")
    act.detail["assisting"] = unit.name
    return finish(act)
