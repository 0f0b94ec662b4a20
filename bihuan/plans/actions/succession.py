"""Pass plans and what is due on, when a unit or a post is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from bihuan.journal.actions import Change, record_many
from bihuan.orgs.holdings import Leaving, PassingOn
from bihuan.orgs.models import Post, Unit
from bihuan.plans.models import Draw, Plan, PlanArea, PlannedPost, PlanPost, Review, Round
from bihuan.plans.queries import LEFT

PASS_ON, LEAVE = "pass_on", "leave_post"


def of_unit(unit: Unit, on: date) -> int:
    """Count the plans in force, open draws and running rounds of the unit."""
    return sum(rows.count() for rows in _of_unit(unit))


def _of_unit(unit: Unit) -> tuple[QuerySet[Any, Any], ...]:
    return (
        Plan.objects.filter(unit=unit, stopped_at=None),
        Draw.objects.filter(unit=unit, cancelled_at=None, drawn_at=None),
        Round.objects.filter(unit=unit, ended_at=None),
    )


def pass_on(passing: PassingOn) -> int:
    """Give them to the successor; plans that name the closed unit as an area name the successor."""
    done = 0
    for rows in _of_unit(passing.unit):
        found = list(rows.order_by("pk"))
        rows.model.objects.filter(pk__in=[row.pk for row in found]).update(unit=passing.successor)
        changes = [Change(row.subject, note=passing.reason) for row in found]
        if changes:
            record_many(PASS_ON, changes, by=passing.actor, at=passing.now)
        done += len(found)
    there = PlanArea.objects.filter(unit=passing.successor).values("plan")
    PlanArea.objects.filter(plan__in=there, unit=passing.unit).delete()
    PlanArea.objects.filter(unit=passing.unit).update(unit=passing.successor)
    return done


def of_post(post: Post, on: date) -> int:
    """Count the sites, closed cases and plans that wait for the post."""
    return _planned(post).count() + _plans(post).count() + _reviews(post).count()


def _planned(post: Post) -> QuerySet[PlannedPost]:
    return PlannedPost.objects.filter(post=post, planned__state__in=LEFT)


def _plans(post: Post) -> QuerySet[PlanPost]:
    return PlanPost.objects.filter(post=post, plan__stopped_at=None)


def _reviews(post: Post) -> QuerySet[Review]:
    return Review.objects.filter(post=post, verdict="due")


def leave(leaving: Leaving) -> int:
    """Give it to the other post; without one it waits for the coordinators, who choose another."""
    post, to = leaving.post, leaving.to
    planned, plans = _planned(post), _plans(post)
    subjects = [f"planned/{pk}" for pk in _keys(planned, "planned")]
    subjects += [f"plan/{pk}" for pk in _keys(plans, "plan")]
    if to is None:
        planned.delete()
        plans.delete()
    else:
        planned.filter(planned__posts__post=to).delete()
        plans.filter(plan__posts__post=to).delete()
        _planned(post).update(post=to)
        _plans(post).update(post=to)
        subjects += [f"review/{pk}" for pk in _keys(_reviews(post), "pk")]
        _reviews(post).update(post=to)
    if subjects:
        changes = [Change(subject, note=leaving.reason) for subject in subjects]
        record_many(LEAVE, changes, by=leaving.actor, at=leaving.now)
    return len(subjects)


def _keys(rows: QuerySet[Any, Any], name: str) -> list[int]:
    return list(rows.order_by(name).values_list(name, flat=True))
