"""What becomes of an inspection that is planned: begun, done, called off, given to others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.checklists import queries as checklists
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import inspection as core
from bihuan.core import legible
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.inspections.actions import course as inspections
from bihuan.inspections.models import Inspection
from bihuan.inspections.queries import seats_of
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.plans import acts, queries
from bihuan.plans.acts import Act, State
from bihuan.plans.models import Kind, Planned, PlannedPost, Round
from bihuan.plans.refusals import (
    DrewIt,
    InspectsIt,
    NoChecklist,
    NoPosts,
    NotBegun,
    NotInUnit,
    OthersDo,
)


@transaction.atomic
def begin(*, planned: Planned, actor: User, now: datetime) -> Inspection:
    """Begin the inspection that is planned; begun twice, it is begun once."""
    here = locked(planned.pk)
    if here.inspection is not None and here.state == State.BEGUN:
        return here.inspection
    state = _after(here, Act.BEGIN)
    if here.round.start_date > localdate(now):
        raise NotBegun
    checklist = here.round.checklist
    version = checklists.in_use(checklist) if checklist else None
    if version is None:
        raise NoChecklist
    unit, posts = _inspecting(here, actor, now)
    found = inspections.begin(
        site=here.site,
        version=version,
        unit=unit,
        posts=posts,
        kind=core.Kind(here.round.kind),
        actor=actor,
        now=now,
        key=here.key,
    )
    here.state, here.inspection = state, found
    here.save(update_fields=["state", "inspection"])
    record(here.subject, Act.BEGIN, by=actor, at=now, detail={"inspection": found.pk})
    return found


def _inspecting(planned: Planned, actor: User, now: datetime) -> tuple[Unit, list[Post]]:
    """Return the unit and the posts that inspect: those planned, or the operator's own."""
    seats = seats_of(actor, now)
    if planned.round.kind == Kind.SELF_CHECK:
        own = [seat for seat in seats if seat.unit.pk == planned.site.operator_unit_id]
        if not own:
            raise OthersDo
        return own[0].unit, [own[0].post]
    rows = planned.posts.select_related("post__unit").order_by("pk")
    posts = [each.post for each in rows]
    held = {seat.post.pk: seat for seat in seats}
    mine = next((post for post in posts if post.pk in held), None)
    if mine is None:
        raise NotAllowed
    return mine.unit, posts


@transaction.atomic
def call_off(*, planned: Planned, reason: str, actor: User, now: datetime) -> Planned:
    """Call off an inspection that is planned, for a stated reason."""
    here = locked(planned.pk)
    access.require(actor, queries.KEEPER, unit=here.round.unit, now=now)
    stated = legible.clean(reason)
    if not legible.has_words(stated):
        raise Missing("reason")
    if here.state == State.BEGUN:
        raise core.SiteClosed if here.site.is_closed else NotAllowed
    on = localdate(now)
    held = [seat.post.pk for seat in access.seats(actor, on)]
    if here.posts.filter(post__in=held).exists():
        raise InspectsIt
    if here.round.draw is not None and queries.drew(here.round.draw, actor, now):
        raise DrewIt
    return end(here, Act.CALL_OFF, actor, now, reason=stated)


@transaction.atomic
def give(*, planned: Planned, posts: Collection[Post], actor: User, now: datetime) -> Planned:
    """Have other posts inspect; those of a draw stay as they were drawn."""
    here = locked(planned.pk)
    access.require(actor, queries.KEEPER, unit=here.round.unit, now=now)
    if here.round.draw_id is not None:
        raise NotAllowed
    if not posts or here.round.kind == Kind.SELF_CHECK:
        raise NoPosts
    _after(here, Act.GIVE)
    if any(not post.unit.is_within(here.round.unit) for post in posts):
        raise NotInUnit
    before = sorted(here.posts.values_list("post", flat=True))
    here.posts.all().delete()
    PlannedPost.objects.bulk_create(PlannedPost(planned=here, post=post) for post in posts)
    after = sorted(post.pk for post in posts)
    record(here.subject, Act.GIVE, by=actor, at=now, detail={"from": before, "to": after})
    return here


def follow(inspection: Inspection, actor: User | None, now: datetime) -> None:
    """Follow an inspection that has ended: done, or given up and due again."""
    row = Planned.objects.filter(inspection=inspection).values_list("pk", flat=True).first()
    if row is None:
        return
    here = locked(row)
    if here.state != State.BEGUN:
        return
    if inspection.stage == core.Stage.DONE:
        end(here, Act.END, actor, now)
        return
    here.state = _after(here, Act.GIVE_UP)
    here.save(update_fields=["state"])
    record(here.subject, Act.GIVE_UP, by=actor, at=now, note=inspection.reason)


def locked(pk: int) -> Planned:
    """Return what is planned as it is now, locked until the transaction ends."""
    rows = Planned.objects.select_for_update(of=("self",))
    beside = ("round__unit", "round__checklist", "round__draw", "site__unit", "inspection")
    return rows.select_related(*beside).get(pk=pk)


def end(
    planned: Planned, act: Act, actor: User | None, now: datetime, *, reason: str = ""
) -> Planned:
    """End it: done, or called off; the round ends with the last one."""
    _miss(planned, now)
    planned.state, planned.ended_at, planned.reason = _after(planned, act), now, reason
    planned.save(update_fields=["state", "ended_at", "reason"])
    record(planned.subject, act, by=actor, at=now, note=reason)
    settle(planned.round, now)
    return planned


def _miss(planned: Planned, now: datetime) -> None:
    """Mark what ends after its last day as missed, although the worker has not done so yet."""
    if planned.missed_at is None and planned.round.is_past(localdate(now)):
        planned.missed_at = now
        if planned.state == State.DUE:
            planned.state = State.MISSED
        planned.save(update_fields=["state", "missed_at"])
        record(planned.subject, Act.MISS, by=None, at=now)


def settle(round_: Round, now: datetime) -> None:
    """End a round in which nothing is left to do: its clock is met, or late."""
    here = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    left = here.planned.filter(state__in=queries.LEFT).exists()
    if left or here.ended_at is not None or here.reviews.filter(verdict="due").exists():
        return
    here.ended_at = now
    here.save(update_fields=["ended_at"])
    for clock in running.of_subject(here.subject):
        late = Clock.Outcome.LATE if now > clock.due_at else Clock.Outcome.MET
        running.stop(clock, now, outcome=late)
    record(here.subject, Act.COMPLETE, by=None, at=now)


def _after(planned: Planned, act: Act) -> State:
    return acts.after(State(planned.state), act, is_missed=planned.missed_at is not None)
