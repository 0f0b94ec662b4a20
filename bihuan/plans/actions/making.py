"""Make the rounds that are due, and keep them as time passes.

The worker calls `keep_up`, as often as it likes. Each round is made in one transaction that locks
its plan, so a stopped worker loses nothing and a second one doubles nothing. What it costs depends
on what is due, not on how many plans and rounds there are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate

from bihuan.clocks.actions import running
from bihuan.core.recurrence import Window
from bihuan.journal.actions import Change, record, record_first_of_many, record_many
from bihuan.orgs.models import Post
from bihuan.plans import acts
from bihuan.plans.actions import course
from bihuan.plans.actions.windows import ahead, next_of
from bihuan.plans.acts import Act, State
from bihuan.plans.models import Kind, Plan, Planned, PlannedPost, Review, Round
from bihuan.plans.queries.selection import Inspectors, Place, Selection, places
from bihuan.sites.models import Site
from bihuan.store.bulk import insert_rows, reserve_ids

RULE = "PLAN-1"
AT_ONCE = 2_000
# How long ago a site may have been closed to be noticed here.
NOTICED = timedelta(days=14)

logger = logging.getLogger(__name__)


@dataclass
class KeptUp:
    """What one run did."""

    rounds: int = 0
    planned: int = 0
    missed: int = 0
    called_off: int = 0
    failed: int = 0

    def counts(self) -> dict[str, int]:
        return vars(self)


def keep_up(*, now: datetime) -> KeptUp:
    """Make rounds whose windows begin, add sites that appeared, mark what was missed."""
    done = KeptUp()
    _each(_rounds_over(now), lambda pk: _pass(pk, done, now), done)
    _each(_plans_due(now), lambda pk: _make(pk, done, now), done)
    _each(_plans_with_new_sites(now), lambda pk: _add_new_sites(pk, done, now), done)
    _each(_at_closed_sites(now), lambda pk: _drop(pk, done, now), done)
    return done


def _each(keys: Iterable[int], work: Callable[[int], None], done: KeptUp) -> None:
    for pk in keys:
        try:
            with transaction.atomic():
                work(pk)
        except Exception:
            logger.exception("plan or round %s is tried again at the next run", pk)
            done.failed += 1


@transaction.atomic
def make_due(*, plan: Plan, now: datetime) -> int:
    """Make what this plan already owes, without waiting for the worker; return how many rounds."""
    done = KeptUp()
    _make(plan.pk, done, now)
    return done.rounds


# ------------------------------------------------------------------ rounds of plans
def _plans_due(now: datetime) -> list[int]:
    due = Plan.objects.filter(next_date__lte=localdate(now)).order_by("next_date", "pk")
    return list(due.values_list("pk", flat=True))


def _make(pk: int, done: KeptUp, now: datetime) -> None:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    on = localdate(now)
    if plan.next_date is None or plan.next_date > on:
        return
    first = plan.made_until_date + timedelta(days=1) if plan.made_until_date else None
    for window in ahead(plan.recurrence, on, since=first):
        if window.start_date <= on:
            _make_round(plan, window, done, now)
    plan.made_until_date = on
    plan.last_site = Site.objects.aggregate(last=Max("pk"))["last"] or 0
    plan.next_date = next_of(plan, on + timedelta(days=1))
    plan.save(update_fields=["made_until_date", "last_site", "next_date"])


def _make_round(plan: Plan, window: Window, done: KeptUp, now: datetime) -> None:
    if Round.objects.filter(plan=plan, start_date=window.start_date).exists():
        return
    _give_way(plan, window, done, now)
    made = Round.objects.create(
        unit=plan.unit,
        title=plan.title,
        plan=plan,
        kind=plan.kind,
        checklist_id=plan.checklist_id,
        start_date=window.start_date,
        complete_date=window.complete_date,
        made_at=now,
    )
    count = fill(made, _sites_of(plan, Q()), _inspectors(plan), now)
    start(made, {"sites": count}, now)
    done.rounds += 1
    done.planned += count


def _give_way(plan: Plan, window: Window, done: KeptUp, now: datetime) -> None:
    """End earlier rounds: what they missed stays on record, and no longer waits."""
    over = Round.objects.filter(plan=plan, ended_at=None, complete_date__lt=window.start_date)
    for pk in over.order_by("pk").values_list("pk", flat=True):
        _pass(pk, done, now)
        each = Round.objects.get(pk=pk)
        each.ended_at = now
        each.save(update_fields=["ended_at"])
        for clock in running.of_subject(each.subject):
            running.give_way(clock, now)
        record(each.subject, Act.COMPLETE, by=None, at=now)


def _sites_of(plan: Plan, more: Q) -> list[Place]:
    found = Selection.of(plan).sites().filter(more)
    if plan.kind == Kind.SELF_CHECK:
        found = found.exclude(operator_unit=None)
    return places(found)


def _inspectors(plan: Plan) -> Inspectors:
    posts = [each.post for each in plan.posts.select_related("post__unit").order_by("post")]
    return Inspectors(posts, plan.kind == Kind.JOINT)


def start(made: Round, detail: dict[str, object], now: datetime, *, act: Act = Act.MAKE) -> None:
    """Start the one clock of a round, and write its first entry."""
    running.start(made.subject, made.unit, RULE, now, due_date=made.complete_date)
    record(made.subject, act, by=None, at=now, detail=detail)
    if not detail.get("sites") and not detail.get("cases"):
        course.settle(made, now)


def fill(made: Round, sites: Sequence[Place], inspectors: Inspectors, now: datetime) -> int:
    """Plan an inspection at each of these sites, in bulk; return their number."""
    return plan_at(made, ((place.pk, inspectors.of(place)) for place in sites), len(sites), now)


def plan_at(
    made: Round, sites: Iterable[tuple[int, Iterable[Post]]], count: int, now: datetime
) -> int:
    """Plan an inspection at each of these sites by these posts; return their number."""
    ids = reserve_ids(Planned, count)
    rows = [(pk, site, posts) for pk, (site, posts) in zip(ids, sites, strict=True)]
    insert_rows(
        Planned,
        ("id", "round_id", "site_id", "state", "reason"),
        ((pk, made.pk, site, State.DUE.value, "") for pk, site, _ in rows),
    )
    insert_rows(
        PlannedPost,
        ("planned_id", "post_id"),
        ((pk, post.pk) for pk, _, posts in rows for post in posts),
    )
    changes = (Change(f"planned/{pk}", detail={"round": made.pk}) for pk, _, _ in rows)
    record_first_of_many(Act.MAKE, changes, by=None, at=now)
    return len(rows)


# ------------------------------------------------------------------- as time passes
def _plans_with_new_sites(now: datetime) -> list[int]:
    """Return plans with an open window whose sites were last looked for before the newest one."""
    newest = Site.objects.aggregate(last=Max("pk"))["last"] or 0
    open_rounds = Round.objects.filter(
        passed_at=None, ended_at=None, complete_date__gte=localdate(now), plan__last_site__lt=newest
    )
    return list(open_rounds.values_list("plan", flat=True).distinct())


def _add_new_sites(pk: int, done: KeptUp, now: datetime) -> None:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    newest = Site.objects.aggregate(last=Max("pk"))["last"] or 0
    sites = _sites_of(plan, Q(pk__gt=plan.last_site)) if plan.stopped_at is None else []
    latest = Round.objects.filter(plan=plan, passed_at=None, ended_at=None).order_by("-pk").first()
    if sites and latest is not None and not latest.is_past(localdate(now)):
        count = fill(latest, sites, _inspectors(plan), now)
        record(latest.subject, Act.ADD, by=None, at=now, detail={"sites": count})
        done.planned += count
    Plan.objects.filter(pk=pk).update(last_site=newest)


def _rounds_over(now: datetime) -> list[int]:
    over = Round.objects.filter(passed_at=None, ended_at=None, complete_date__lt=localdate(now))
    return list(over.order_by("complete_date", "pk").values_list("pk", flat=True))


def _pass(pk: int, done: KeptUp, now: datetime) -> None:
    """Mark everything that was not done by the last day; it stays marked."""
    here = Round.objects.select_for_update(of=("self",)).get(pk=pk)
    if here.passed_at is not None or here.ended_at is not None:
        return
    for keys in _chunks(Planned.objects.filter(round=here, state__in=["due", "begun"])):
        rows = Planned.objects.filter(pk__in=keys)
        rows.filter(state="due").update(state=State.MISSED, missed_at=now)
        rows.filter(state="begun").update(missed_at=now)
        record_many(Act.MISS, (Change(f"planned/{key}") for key in keys), by=None, at=now)
        done.missed += len(keys)
    for keys in _chunks(Review.objects.filter(round=here, verdict="due")):
        Review.objects.filter(pk__in=keys).update(missed_at=now)
        record_many(Act.MISS, (Change(f"review/{key}") for key in keys), by=None, at=now)
        done.missed += len(keys)
    here.passed_at = now
    here.save(update_fields=["passed_at"])
    record(here.subject, Act.RUN_OUT, by=None, at=now)


def _chunks(found: object) -> Iterator[list[int]]:
    keys = list(found.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]
    for at in range(0, len(keys), AT_ONCE):
        yield keys[at : at + AT_ONCE]


def _at_closed_sites(now: datetime) -> list[int]:
    """Return what is due at sites that were closed lately."""
    closed = Site.objects.filter(closed_at__gte=now - NOTICED)
    found = Planned.objects.filter(site__in=closed, state__in=["due", "missed"])
    return list(found.filter(round__ended_at=None).values_list("pk", flat=True))


def _drop(pk: int, done: KeptUp, now: datetime) -> None:
    here = course.locked(pk)
    if here.state in (State.DUE, State.MISSED) and here.site.is_closed:
        course.end(here, acts.Act.CALL_OFF, None, now, reason=acts.SITE_CLOSED)
        done.called_off += 1
