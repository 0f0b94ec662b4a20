"""Which plans, rounds and draws an officer sees, and what waits for a post."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.inspections.queries import seats_of
from bihuan.journal import queries as journal
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import in_reach, posts_of, units_in_reach
from bihuan.plans import acts
from bihuan.plans.models import Draw, Kind, Plan, Planned, PlannedPost, PlanPost, Review, Round
from bihuan.sites.models import Site

KEEPER = Power.COORDINATE
# Who reads plans and results of the units in reach.
READERS = (KEEPER, Power.APPROVE, Power.SUPERVISE, Power.AUDIT)
# Not begun: only these are hidden from the operator of an unannounced inspection.
AHEAD = (acts.State.DUE.value, acts.State.MISSED.value)
LEFT = tuple(each.value for each in sorted(acts.OPEN))


def keeps_any(user: User, now: datetime) -> bool:
    return bool(access.tops(user, [KEEPER], localdate(now)))


def may_keep(user: User, unit: Unit, now: datetime) -> bool:
    return access.has(user, KEEPER, unit=unit, now=now)


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may make plans and draws."""
    return units_in_reach(user, [KEEPER], now)


# ------------------------------------------------------------------ who may not
def drew(draw: Draw, user: User, now: datetime) -> bool:
    """Whether the officer made this draw, or represented who did, or the reverse."""
    entries = journal.timeline(draw.subject).filter(act=acts.Act.DRAW)
    return any(entry.actor_id in access.same_person(user, entry.at, now) for entry in entries)


def chose(review: Review, user: User, now: datetime) -> bool:
    """Whether the officer drew a case that can still be looked back at."""
    drawn = review.round.draw
    if drawn is None or not drew(drawn, user, now):
        return False
    return Case.objects.filter(number=review.case_number, stage=Stage.CLOSED).exists()


def took_part(review: Review, user: User, now: datetime) -> bool:
    """Whether the officer fixed or checked the case, or represented who did, or the reverse."""
    case = Case.objects.filter(number=review.case_number).first()
    if case is None:
        return False
    those = access.same_person(user, case.reported_at, now)
    return case.participations.filter(member__in=those).exists()


# -------------------------------------------------------------------- who sees
def plans_seen_by(user: User, now: datetime) -> QuerySet[Plan, Plan]:
    """Return the plans of units in reach, and those for which a post of the officer inspects."""
    mine = PlanPost.objects.filter(post__in=posts_of(user, now))
    seen = in_reach(user, READERS, now) | Q(pk__in=mine.values("plan"))
    return Plan.objects.filter(seen).select_related("unit", "checklist")


def draws_seen_by(user: User, now: datetime) -> QuerySet[Draw, Draw]:
    """Return the draws of units in reach, and those that drew a post of the officer."""
    mine = posts_of(user, now)
    drawn = Round.objects.filter(Q(planned__posts__post__in=mine) | Q(reviews__post__in=mine))
    seen = in_reach(user, READERS, now) | Q(pk__in=drawn.exclude(draw=None).values("draw"))
    return Draw.objects.filter(seen).select_related("unit")


def rounds_seen_by(user: User, now: datetime) -> QuerySet[Round, Round]:
    """Return the rounds of units in reach, and those with something for a post of the officer."""
    mine = posts_of(user, now)
    own = PlannedPost.objects.filter(post__in=mine).values("planned__round")
    reviewed = Review.objects.filter(post__in=mine).values("round")
    seen = in_reach(user, READERS, now) | Q(pk__in=own) | Q(pk__in=reviewed)
    return Round.objects.filter(seen).select_related("unit", "plan", "draw", "checklist")


def planned_seen_by(user: User, now: datetime) -> QuerySet[Planned, Planned]:
    """Return what is planned at sites in the officer's rounds, or at sites of a unit of the
    officer; unannounced inspections are hidden from the operator until they have begun.
    """
    rounds = rounds_seen_by(user, now)
    at_home = Q(site__operator_unit__path__in=_paths_up(user, now))
    seen = Q(round__in=rounds.values("pk")) | at_home
    hidden = Q(round__kind=Kind.UNANNOUNCED, state__in=AHEAD) & at_home
    found = Planned.objects.filter(seen).exclude(hidden)
    return found.select_related(
        "round__unit", "round__checklist", "site__unit", "site__operator_unit", "inspection"
    )


def _paths_up(user: User, now: datetime) -> list[str]:
    """Return the paths of the officer's units and of those above: who operates a site there is
    the officer's own unit, or one that it belongs to.
    """
    seats = seats_of(user, now)
    return sorted({path for s in seats for path in (s.unit.path, *s.unit.paths_above())})


def reviews_seen_by(user: User, now: datetime) -> QuerySet[Review, Review]:
    """Return the looks back of the rounds that the officer sees."""
    rounds = rounds_seen_by(user, now)
    return Review.objects.filter(round__in=rounds.values("pk")).select_related("round")


# ------------------------------------------------------------- what waits for whom
def waiting_for(user: User, now: datetime) -> QuerySet[Planned, Planned]:
    """Return what posts of the officer are to inspect, the first to be complete first.

    What an earlier round of a plan missed is on record, and no longer waits once the next began.
    """
    mine = PlannedPost.objects.filter(planned=OuterRef("pk"), post__in=posts_of(user, now))
    found = Planned.objects.filter(
        Exists(mine), state__in=LEFT, round__ended_at=None, round__start_date__lte=localdate(now)
    )
    found = found.select_related("round__checklist", "site__unit", "inspection")
    return found.order_by("round__complete_date", "pk")


def self_checks_for(user: User, now: datetime) -> QuerySet[Planned, Planned]:
    """Return the self-checks that are due at sites operated by a unit of the user."""
    units = {seat.unit.pk for seat in seats_of(user, now)}
    found = Planned.objects.filter(
        site__operator_unit__in=units,
        state__in=LEFT,
        round__kind=Kind.SELF_CHECK,
        round__ended_at=None,
        round__start_date__lte=localdate(now),
    )
    found = found.select_related("round__checklist", "site__unit", "inspection")
    return found.order_by("round__complete_date", "pk")


def reviews_for(user: User, now: datetime) -> QuerySet[Review, Review]:
    """Return the closed cases that posts of the officer are to look back at."""
    found = Review.objects.filter(
        post__in=posts_of(user, now),
        verdict=Review.Verdict.DUE,
        round__ended_at=None,
    )
    return found.select_related("round").order_by("round__complete_date", "pk")


def reach(user: User, now: datetime) -> QuerySet[Any, Any]:
    """Return the sites that posts of the officer are to inspect, as one column."""
    mine = PlannedPost.objects.filter(post__in=posts_of(user, now), planned__state__in=LEFT)
    return mine.values("planned__site")


# --------------------------------------------------------------------- figures
def counts(rounds: Collection[int]) -> dict[int, dict[str, int]]:
    """Return how many of each round are in each state, and how many were missed."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in rounds}
    rows = Planned.objects.filter(round__in=rounds).values_list("round", "state")
    for pk, state, number in rows.annotate(n=Count("pk")).values_list("round", "state", "n"):
        found[pk][state] = number
    late = Planned.objects.filter(round__in=rounds, missed_at__isnull=False)
    for pk, number in late.values("round").annotate(n=Count("pk")).values_list("round", "n"):
        found[pk]["late"] = number
    return found


def verdicts(rounds: Collection[int]) -> dict[int, dict[str, int]]:
    """Return how many cases of each round that looks back have each verdict."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in rounds}
    rows = Review.objects.filter(round__in=rounds).values("round", "verdict")
    for pk, verdict, number in rows.annotate(n=Count("pk")).values_list("round", "verdict", "n"):
        found[pk][verdict] = number
    return found


def latest_rounds(plans: Collection[int]) -> dict[int, Round]:
    """Return the newest round of each plan."""
    newest = Round.objects.filter(plan__in=plans).values("plan").annotate(last=Max("pk"))
    rows = Round.objects.filter(pk__in=newest.values("last"))
    return {row.plan_id: row for row in rows if row.plan_id is not None}


def operates(user: User, site: Site, now: datetime) -> bool:
    """Whether a post of the user is in the unit that operates the site."""
    return any(seat.unit.pk == site.operator_unit_id for seat in seats_of(user, now))


def begins(user: User, row: Planned, now: datetime) -> bool:
    """Whether the officer may begin this inspection now."""
    if row.state not in AHEAD or row.round.start_date > localdate(now):
        return False
    if row.round.kind == Kind.SELF_CHECK:
        return operates(user, row.site, now)
    mine = posts_of(user, now)
    return any(each.post_id in mine for each in row.posts.all())
