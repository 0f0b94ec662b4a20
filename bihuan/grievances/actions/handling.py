"""Handling: assignment to a post, steps, assisting units, and conflicts of interest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import clocks, handover, loop, recipients, words
from bihuan.cases.actions.interest import begin_declaration
from bihuan.cases.actions.loop import NewCase
from bihuan.cases.actions.telling import tell_next
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.grievance import GRIEVANCE, ClockPurpose, Move, Stage
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing
from bihuan.grievances.actions.procedure_clocks import proceed, start_from, swap
from bihuan.grievances.actions.transfers import require_not_about
from bihuan.grievances.models import Grievance, Handover
from bihuan.grievances.queries import procedure_of, record_of, way_of
from bihuan.grievances.refusals import PostElsewhere
from bihuan.journal.actions import record as note_down
from bihuan.orgs.models import Post, Tenure, Unit, User

# Where the work returns to when its officer has a conflict of interest (PET-22).
BACK = {
    Stage.HANDLING: Stage.ACCEPTED,
    Stage.DRAFTED: Stage.ACCEPTED,
    Stage.REVIEW_DRAFTED: Stage.REVIEWING,
    Stage.REREVIEW_DRAFTED: Stage.REREVIEWING,
}


@transaction.atomic
def assign(
    *,
    case: Case,
    actor: User,
    now: datetime,
    post: Post,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Assign it to a post of the unit; never to one whose holder is excluded (PET-22)."""
    act = loop.begin(case=case, move=Move.ASSIGN, actor=actor, now=now, note=note, version=version)
    if post.unit_id != act.case.owner_id:
        raise PostElsewhere
    act.change(act.case, post=post)
    if act.case.is_confidential:
        AccessGrant.objects.get_or_create(case=act.case, post=post, defaults={"added_at": now})
    act.detail["post"] = post.title
    return proceed(act)


@transaction.atomic
def set_lead(
    *,
    case: Case,
    actor: User,
    now: datetime,
    post: Post,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Name the lead officer (包案领导)."""
    act = loop.begin(
        case=case, move=Move.SET_LEAD, actor=actor, now=now, note=note, version=version
    )
    require_not_about(act.case, post.unit, now)
    record = record_of(act.case)
    act.change(record, lead=post)
    record.save(update_fields=["lead"])
    act.detail["post"] = post.title
    act.named.append(post)
    return proceed(act)


# -------------------------------------------------------------------- interest
@transaction.atomic
def declare_interest(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Declare one's own conflict of interest (PET-22): the officer is excluded from the case
    from now on, and their work is reassigned.
    """
    act = begin_declaration(case=case, actor=actor, now=now, note=note, version=version)
    record = record_of(act.case)
    held = _holds(act, act.case.post)
    if held:
        act.change(act.case, post=None)
    if _holds(act, record.lead):
        act.change(record, lead=None)
        record.save(update_fields=["lead"])
    back = BACK.get(Stage(act.case.stage))
    drafted = record.drafter == actor.pk
    if back and (drafted or (held and act.case.stage == Stage.HANDLING)):
        act.detail["from"], act.detail["to"] = act.case.stage, back
        act.change(act.case, stage=back)
    return proceed(act)


def _holds(act: loop.OfficeAct, post: Post | None) -> bool:
    """Whether the actor holds this post now."""
    held = Tenure.objects.in_force(running.local_date(act.now)).filter(post=post, member=act.actor)
    return post is not None and held.exists()


# ---------------------------------------------------------------- other bodies
@transaction.atomic
def add_assist(
    *, case: Case, actor: User, now: datetime, unit: Unit, note: str, version: int | None = None
) -> Case:
    """Add an assisting unit; never one that is complained of."""
    require_not_about(case, unit, now)
    return handover.add_assist(
        case=case, actor=actor, now=now, unit=unit, note=note, version=version
    )


@transaction.atomic
def end_assist(
    *, case: Case, actor: User, now: datetime, unit: Unit, version: int | None = None
) -> Case:
    """End the assistance; a unit that is to take the case over still sees it."""
    if Handover.objects.filter(case=case, to_unit=unit, ended_at=None).exists():
        raise Missing("unit")
    return handover.end_assist(case=case, actor=actor, now=now, unit=unit, version=version)


@transaction.atomic
def add_child(
    *,
    case: Case,
    actor: User,
    now: datetime,
    unit: Unit,
    title: str,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Create a sub-case for another body; no answer is possible while a sub-case is open."""
    act = loop.begin(
        case=case, move=Move.ADD_CHILD, actor=actor, now=now, note=note, version=version
    )
    if not legible.has_words(title):
        raise Missing("title")
    require_not_about(act.case, unit, now)
    record = record_of(act.case)
    if record.is_simple:
        # A case that needs several bodies is not simple (PET-17).
        act.change(record, is_simple=False)
        record.save(update_fields=["is_simple"])
        swap(act, ClockPurpose.CONCLUDE, before=way_of(record), was_simple=True)
    child = _part_of(act, unit, title)
    act.detail["child"] = child.number
    proceed(act)
    return child


def _part_of(act: loop.OfficeAct, unit: Unit, title: str) -> Case:
    """Return an accepted grievance on the same pathway for another unit, with the same due time."""
    record = record_of(act.case)
    child = _new_part(act, unit, title)
    Grievance.objects.create(
        case=child, procedure=record.procedure, way=record.way, accepted_at=record.accepted_at,
        category=record.category,
    )  # fmt: skip
    loop.inherit_restrictions(child, act.now)
    words.index(child)
    if child.is_confidential:
        recipients.confide(child, act.now)
    for clock in act.case.clocks.filter(stopped_at=None):
        if clock.rule_id in procedure_of(record).rules(ClockPurpose.CONCLUDE, way_of(record)):
            start_from(child, clock.rule_id, clock.started_at, act.now)
    clocks.refresh_due(child)
    child.save(update_fields=["due_at", "is_due_provisional"])
    note_down(
        child.subject,
        Move.RECEIVE,
        by=act.actor,
        at=act.now,
        note=act.note,
        after={"title": child.title, "owner": unit.pk},
        detail={
            "to": Stage.ACCEPTED.value,
            "unit": act.unit.name,
            "part_of": act.case.number,
        },
    )
    tell_next(child, Move.RECEIVE, Move.ASSIGN, actor=act.actor, unit=act.unit.name, now=act.now)
    return child


def _new_part(act: loop.OfficeAct, unit: Unit, title: str) -> Case:
    whole = act.case
    is_shut = whole.is_confidential or Exclusion.objects.filter(case=whole).exists()
    part = loop.unsaved_case(
        NewCase(
            number=loop.next_number(GRIEVANCE.kind, act.now, is_shut=is_shut),
            kind=GRIEVANCE.kind,
            stage=Stage.ACCEPTED,
            title=masked(legible.clean(title)).text[:200],
            description=masked(act.note).text,
            category=whole.category,
            place=whole.place,
            point=whole.point,
            owner=unit,
            origin=whole.origin,
            reported_by=act.actor,
            parent=whole,
            channel=Case.Channel.DESK,
            reported_at=act.now,
        )
    )
    part.sender = whole.owner
    part.save(force_insert=True)
    return part
