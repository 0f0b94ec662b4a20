"""From the report to the assignment: reported, confirmed, assigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from bihuan.cases import queries
from bihuan.cases.actions import (
    binding,
    clocks,
    entering,
    evidence,
    loop,
    oversight,
    telling,
    words,
)
from bihuan.cases.actions.evidence import Source
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import HAZARD, UPWARD, Grade, Move, RejectReason, Stage
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, Refusal
from bihuan.hazards.actions import duplicates, judging, listing, notification
from bihuan.hazards.actions.dates import DeadlinePast
from bihuan.hazards.actions.found import Finding as Finding
from bihuan.hazards.models import CriterionHint, Hazard
from bihuan.journal.actions import record
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.accounts import Intake, IntakeResult
from bihuan.receipts.actions import intake


class PostElsewhere(Refusal):
    """The officer holds a post elsewhere, not in the unit that is assigned the case."""


def report(
    *,
    finding: Finding,
    actor: User,
    now: datetime,
    photos: Sequence[Source] = (),
    form_key: UUID | None = None,
) -> Case:
    """Report a hazard; the same form sent twice returns the case that it created the first time."""
    return entering.once(form_key, actor, lambda: _report(finding, actor, now, photos, form_key))


@transaction.atomic
def _report(
    finding: Finding,
    actor: User,
    now: datetime,
    photos: Sequence[Source],
    form_key: UUID | None,
) -> Case:
    entered = entering.require_may_enter(HAZARD, Move.REPORT, finding, actor, now)
    case = _new_case(finding, actor, now, form_key)
    stored = evidence.keep(case, photos, "before", actor=actor, now=now)
    return entering.start(
        case,
        HAZARD.transition(Move.REPORT),
        actor=actor,
        now=now,
        entered=entered,
        note=case.description[:500],
        files=evidence.digests(stored),
    )


def _new_case(finding: Finding, actor: User, now: datetime, form_key: UUID | None) -> Case:
    case = entering.new_case(
        HAZARD,
        Move.REPORT,
        finding,
        actor=actor,
        now=now,
        form_key=form_key,
        point=finding.point,
        parent=finding.parent,
    )
    Hazard.objects.create(case=case, found_date=finding.found_date)
    if finding.criterion:
        CriterionHint.objects.create(case=case, criterion=finding.criterion[:40])
    words.index(case)
    return case


def receive(new_intake: Intake) -> IntakeResult:
    """Receive a public report; its receipt is the same however often the form is sent."""
    if not legible.has_words(new_intake.account.title) or not legible.has_words(
        new_intake.account.place
    ):
        raise Missing("title", "place")

    def make(case: Case) -> list[Hazard]:
        return [Hazard(case=case, found_date=running.local_date(new_intake.now))]

    return intake.take_in(HAZARD.kind, new_intake, make=make)


@transaction.atomic
def confirm(
    *,
    case: Case,
    actor: User,
    now: datetime,
    grade: str,
    standard: str = "",
    criterion: str = "",
    note: str = "",
    version: int | None = None,
) -> Case:
    """Confirm a hazard: general, or major by a criterion or another named standard (HAZ-1)."""
    act = loop.begin(case=case, move=Move.CONFIRM, actor=actor, now=now, note=note, version=version)
    judging.judge(act, grade, standard=standard, criterion=criterion)
    notification.tell(act, "confirmed")
    starts = notification.with_promise(act, notification.CONCLUDE)
    return loop.finish(act, starts=(*starts, *judging.upward(grade)))


@transaction.atomic
def grade_anew(
    *,
    case: Case,
    actor: User,
    now: datetime,
    grade: str,
    note: str,
    standard: str = "",
    criterion: str = "",
    version: int | None = None,
) -> Case:
    """Change the grade of a hazard, up or down, with the reason."""
    act = loop.begin(case=case, move=Move.GRADE, actor=actor, now=now, note=note, version=version)
    was_major = act.case.hazard.grade == Grade.MAJOR
    if was_major and grade != Grade.MAJOR:
        oversight.tell_above(act, "downgraded")
    judging.judge(act, grade, standard=standard, criterion=criterion)
    if grade != Grade.MAJOR:
        return loop.finish(act, stops=(UPWARD,))
    return loop.finish(act, starts=() if was_major else judging.upward(grade))


@transaction.atomic
def reject(
    *,
    case: Case,
    actor: User,
    now: datetime,
    reason: str,
    note: str,
    duplicate_of: Case | None = None,
    version: int | None = None,
) -> Case:
    """Reject it as not a hazard, not our responsibility, or a duplicate; a duplicate of a
    closed case reopens that one.
    """
    is_duplicate = reason == RejectReason.DUPLICATE
    if is_duplicate and duplicate_of is None:
        raise Missing("duplicate_of")
    named = duplicate_of if is_duplicate else None
    live = duplicates.lock(case, named, actor=actor, now=now)
    act = loop.begin(case=case, move=Move.REJECT, actor=actor, now=now, note=note, version=version)
    duplicates.settle(act, live)
    act.detail["reason"] = RejectReason(reason).value
    notification.tell(act, f"rejected_{reason}", act.note)
    oversight.tell_above(act, "rejected")
    done = loop.finish(act)
    if live is not None and live.stage in (Stage.CLOSED, Stage.RECHECKED):
        reopen(case=live, actor=actor, now=now, note=note, rebound=done)
    return done


@transaction.atomic
def reopen(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    rebound: Case | None = None,
    version: int | None = None,
) -> Case:
    """Reopen it because the fix failed: a new round begins, counted against the closure."""
    act = loop.begin(case=case, move=Move.REOPEN, actor=actor, now=now, note=note, version=version)
    act.change(
        act.case,
        round_at=now,
        resolved_by=None,
        resolved_unit=None,
        verified_by=None,
        verified_unit=None,
        closed_by=None,
        resolver_name="",
        verifier_name="",
        import_check="",
        import_by=None,
        import_checked_by=None,
        post=None,
        bound=None,
    )
    _begin_again(act)
    if rebound:
        act.detail["seen_again"] = rebound.number
        act.settle()
    notification.tell(act, "reopened")
    due_dates = listing.go_on(act)
    starts = notification.with_promise(act, notification.CONCLUDE)
    return loop.finish(act, starts=(*starts, *due_dates), due_dates=due_dates)


def _begin_again(act: loop.MoveContext) -> None:
    hazard = act.case.hazard
    begun: dict[str, object] = {
        "rebounds": hazard.rebounds + 1,
        "deadline_date": None,
        "submitted_at": None,
        "verified_date": None,
    }
    act.change(hazard, **begun)
    hazard.save(update_fields=[*begun])


@dataclass(frozen=True)
class Plan:
    """The five in place (五落实, HAZ-5): who, measures, money in yuan, deadline, contingency."""

    unit: Unit
    post: Post
    measures: str
    budget: Decimal
    deadline_date: date
    contingency: str


@transaction.atomic
def assign(
    *,
    case: Case,
    plan: Plan,
    actor: User,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Assign the hazard to a unit and a post, with the five in place."""
    act = loop.begin(case=case, move=Move.ASSIGN, actor=actor, now=now, note=note, version=version)
    _check_plan(plan, now)
    binding.give(act, plan.unit, until_date=plan.deadline_date)
    act.change(act.case, owner=plan.unit, post=plan.post, sender=act.unit)
    act.change(
        act.case.hazard,
        measures=legible.clean(plan.measures),
        budget=plan.budget,
        deadline_date=plan.deadline_date,
        contingency=legible.clean(plan.contingency),
    )
    act.case.hazard.save(update_fields=["measures", "budget", "deadline_date", "contingency"])
    act.detail["owner"] = plan.unit.name
    act.detail["post"] = plan.post.title
    act.detail["deadline"] = plan.deadline_date.isoformat()
    return loop.finish(act, due_dates={"HAZ-5": plan.deadline_date})


def _check_plan(plan: Plan, now: datetime) -> None:
    missing = [
        name for name in ("measures", "contingency") if not legible.has_words(getattr(plan, name))
    ]
    if missing:
        raise Missing(*missing)
    if plan.post.unit_id != plan.unit.pk:
        raise PostElsewhere
    if plan.deadline_date < running.local_date(now):
        raise DeadlinePast


@transaction.atomic
def amend(
    *,
    case: Case,
    actor: User,
    now: datetime,
    title: str,
    place: str,
    note: str,
    description: str = "",
    category: str = "",
    version: int | None = None,
) -> Case:
    """Correct the text of a case; the journal stores a digest of the previous text.

    Once the work was assigned, the text defines what is fixed and verified: the fixing side changes
    it with a notice to the level above, which sees the old text.
    """
    act = loop.begin(case=case, move=Move.AMEND, actor=actor, now=now, note=note, version=version)
    reword(act, title=title, place=place, description=description, category=category)
    return loop.finish(act)


def reword(act: loop.OfficeAct, *, title: str, place: str, description: str, category: str) -> None:
    """Replace the text of the case, within the act of another function."""
    title, place, description = (
        masked(legible.clean(text)).text for text in (title, place, description)
    )
    if not legible.has_words(title) or not legible.has_words(place):
        raise Missing("title", "place")
    _reword(act, title=title, place=place, description=description, category=category)
    words.index(act.case)


def _reword(act: loop.OfficeAct, **message: str) -> None:
    changed = {name: text for name, text in message.items() if text != getattr(act.case, name)}
    is_given = act.case.stage not in (Stage.REPORTED, Stage.CONFIRMED)
    if changed and is_given and not oversight.is_from_above(act):
        oversight.tell_above(act, "reworded")
        act.keeps_values = True
    act.change(act.case, **changed)


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
    """Create a sub-case for another unit; the parent stays open until every sub-case is closed."""
    act = loop.begin(
        case=case, move=Move.ADD_CHILD, actor=actor, now=now, note=note, version=version
    )
    require_open(unit)
    if not legible.has_words(title):
        raise Missing("title")
    child = _part_of(act, unit, title)
    record(
        child.subject,
        Move.REPORT,
        by=actor,
        at=now,
        note=note,
        after={"title": child.title, "owner": unit.pk},
        detail={
            "to": Stage.CONFIRMED.value,
            "unit": act.unit.name,
            **loop.said_for(act.stands_in_for),
            "part_of": act.case.number,
        },
    )
    act.detail["child"] = child.number
    loop.finish(act)
    telling.tell_next(child, Move.REPORT, Move.ASSIGN, actor=actor, unit=act.unit.name, now=now)
    return child


def _part_of(act: loop.OfficeAct, unit: Unit, title: str) -> Case:
    """Return a confirmed hazard at the same place and of the same grade, for another unit."""
    parent = act.case
    found = Finding(
        title=title,
        place=parent.place,
        unit=parent.origin,
        found_date=parent.hazard.found_date,
        description=act.note,
        category=parent.category,
        point=parent.point,
        parent=parent,
    )
    child = _new_case(found, act.actor, act.now, None)
    child.owner, child.stage = unit, Stage.CONFIRMED
    child.hazard.grade, child.hazard.standard = parent.hazard.grade, parent.hazard.standard
    child.hazard.save(update_fields=["grade", "standard"])
    clocks.run(child, HAZARD.transition(Move.CONFIRM), act.now)
    child.save()
    loop.inherit_restrictions(child, act.now)
    queries.require_may_hold(child, act.now)
    return child
