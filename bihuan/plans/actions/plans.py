"""Keep, change and stop a plan. What has begun stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.checklists.models import Checklist
from bihuan.core import legible
from bihuan.core.recurrence import Recurrence
from bihuan.core.refusal import Missing, Stale
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.plans.actions import making
from bihuan.plans.actions.windows import next_of
from bihuan.plans.acts import Act
from bihuan.plans.models import Kind, Plan, PlanArea, PlanPost
from bihuan.plans.queries import KEEPER
from bihuan.plans.queries.selection import Selection
from bihuan.plans.refusals import NoPosts, NotInUnit, PlanStopped, TooMany

MOST_SITES = 100_000


@dataclass(frozen=True)
class Outline:
    """A plan as it is filled in."""

    title: str
    kind: Kind
    checklist: Checklist
    selection: Selection
    recurrence: Recurrence
    posts: tuple[Post, ...]

    @property
    def unit(self) -> Unit:
        return self.selection.unit

    def columns(self) -> dict[str, object]:
        recurs = self.recurrence
        return {
            "title": self.title,
            "kind": self.kind.value,
            "checklist": self.checklist,
            "site_kinds": list(self.selection.site_kinds),
            "colours": list(self.selection.colours),
            "trade": self.selection.trade,
            "every": recurs.every.value,
            "rule": recurs.rule,
            "start_date": recurs.start_date,
            "end_date": recurs.end_date,
            "days": recurs.days,
            "working_days_only": recurs.working_days_only,
        }


@transaction.atomic
def keep(*, outline: Outline, actor: User, now: datetime, form_key: UUID | None = None) -> Plan:
    """Keep a plan; its first round is made by the worker on the day it begins, or today."""
    access.require(actor, KEEPER, unit=outline.unit, now=now)
    _require_sound(outline)
    plan = Plan(unit=outline.unit, created_at=now, form_key=form_key, **outline.columns())
    plan.next_date = next_of(plan, localdate(now))
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        made = Plan.objects.filter(form_key=form_key, unit=outline.unit).first()
        if form_key is None or made is None:
            raise
        return made
    _put_beside(plan, outline)
    record(plan.subject, Act.KEEP, by=actor, at=now, after=_said(outline))
    return plan


@transaction.atomic
def change(*, plan: Plan, outline: Outline, actor: User, now: datetime, version: int) -> Plan:
    """Change a plan for all windows that have not begun; rounds that were made stay as they are,
    and what has begun by now is made first.
    """
    here = locked(plan, actor, now)
    if here.version != version:
        raise Stale
    if here.unit_id != outline.unit.pk:
        raise NotInUnit
    _require_sound(outline)
    here = _with_what_is_due(here, now)
    for name, value in outline.columns().items():
        setattr(here, name, value)
    here.version += 1
    here.next_date = next_of(here, localdate(now))
    here.save()
    here.areas.all().delete()
    here.posts.all().delete()
    _put_beside(here, outline)
    record(here.subject, Act.CHANGE, by=actor, at=now, after=_said(outline))
    return here


@transaction.atomic
def stop(*, plan: Plan, reason: str, actor: User, now: datetime) -> Plan:
    """Stop a plan: it makes no more rounds. What is due already stays due."""
    here = _with_what_is_due(locked(plan, actor, now), now)
    here.reason = legible.clean(reason)
    if not legible.has_words(here.reason):
        raise Missing("reason")
    here.stopped_at, here.next_date = now, None
    here.version += 1
    here.save(update_fields=["reason", "stopped_at", "next_date", "version"])
    record(here.subject, Act.STOP, by=actor, at=now, note=here.reason)
    return here


def locked(plan: Plan, actor: User, now: datetime) -> Plan:
    """Return the plan as it is now, locked, for an officer who may change it."""
    here = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    access.require(actor, KEEPER, unit=here.unit, now=now)
    if here.stopped_at is not None:
        raise PlanStopped
    return here


def _with_what_is_due(plan: Plan, now: datetime) -> Plan:
    """Make the rounds of windows that have begun, so that a change takes none of them away."""
    making.make_due(plan=plan, now=now)
    plan.refresh_from_db(fields=["made_until_date", "last_site", "next_date"])
    return plan


def _require_sound(outline: Outline) -> None:
    unit = outline.unit
    if any(not area.is_within(unit) for area in outline.selection.areas):
        raise NotInUnit
    if (outline.kind is Kind.SELF_CHECK) is bool(outline.posts):
        raise NoPosts
    if outline.kind is Kind.JOINT and len({post.unit_id for post in outline.posts}) < 2:
        raise NoPosts
    found = outline.selection.sites().values("pk")[: MOST_SITES + 1]
    if len(found) > MOST_SITES:
        raise TooMany(MOST_SITES)


def _put_beside(plan: Plan, outline: Outline) -> None:
    areas = {unit.pk: unit for unit in outline.selection.areas}
    posts = {post.pk: post for post in outline.posts}
    PlanArea.objects.bulk_create(PlanArea(plan=plan, unit=unit) for unit in areas.values())
    PlanPost.objects.bulk_create(PlanPost(plan=plan, post=post) for post in posts.values())


def _said(outline: Outline) -> dict[str, object]:
    """Return the plan for the journal: names of units and posts, and no person."""
    columns = {name: str(value) for name, value in outline.columns().items()}
    return {
        **columns,
        "areas": [unit.name for unit in outline.selection.areas],
        "posts": [f"{post.unit.name} {post.title}" for post in outline.posts],
    }
