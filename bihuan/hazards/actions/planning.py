"""The plan of rectification of a major hazard, and its report to the level above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import Move
from bihuan.core.refusal import Missing
from bihuan.hazards.actions.dates import DeadlinePast
from bihuan.hazards.models import RemedyPlan, UpwardReport
from bihuan.orgs.models import Post, Unit, User


@dataclass(frozen=True)
class Remedy:
    """The parts of a plan (HAZ-5): goals, methods, funds, posts and teams, schedule, safety
    measures and contingency.
    """

    goals: str
    methods: str
    budget: Decimal
    post: Post
    team: str
    until_date: date
    safety: str
    contingency: str


@transaction.atomic
def plan(
    *, case: Case, remedy: Remedy, actor: User, now: datetime, version: int | None = None
) -> Case:
    """Make a plan of rectification, or a new edition of it; earlier editions stay."""
    act = loop.begin(case=case, move=Move.PLAN, actor=actor, now=now, version=version)
    names = ("goals", "methods", "team", "safety", "contingency")
    texts = {name: legible.clean(getattr(remedy, name)) for name in names}
    missing = [name for name, text in texts.items() if not legible.has_words(text)]
    if missing:
        raise Missing(*missing)
    if remedy.until_date < running.local_date(now):
        raise DeadlinePast
    edition = RemedyPlan.objects.filter(case=act.case).count() + 1
    RemedyPlan.objects.create(
        case=act.case,
        edition=edition,
        budget=remedy.budget,
        post=remedy.post,
        until_date=remedy.until_date,
        made_at=now,
        **texts,
    )
    act.detail.update(edition=edition, post=remedy.post.title, until=remedy.until_date.isoformat())
    return loop.finish(act)


@transaction.atomic
def report_up(
    *,
    case: Case,
    actor: User,
    now: datetime,
    state: str,
    harm: str,
    plan: str,
    version: int | None = None,
) -> Case:
    """Report a major hazard to the level above: state and cause, danger and difficulty, and what
    is planned (HAZ-4).
    """
    act = loop.begin(case=case, move=Move.REPORT_UP, actor=actor, now=now, version=version)
    texts = {"state": state, "harm": harm, "plan": plan}
    missing = [name for name, text in texts.items() if not legible.has_words(text)]
    if missing:
        raise Missing(*missing)
    above = _above(act.case.owner)
    UpwardReport.objects.create(
        case=act.case,
        unit=above,
        made_at=now,
        **{name: legible.clean(text) for name, text in texts.items()},
    )
    act.detail["to_unit"] = above.name
    act.named.append(above)
    return loop.finish(act)


def _above(unit: Unit) -> Unit:
    """Return the unit that receives the report: the parent, or the topmost unit itself."""
    return unit if unit.parent_id is None else Unit.objects.get(pk=unit.parent_id)
