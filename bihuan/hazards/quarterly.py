"""The quarterly reports of major hazards: their figures, who sees them and who signs them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.timezone import get_default_timezone, localdate, make_aware

from bihuan.cases.models import Case
from bihuan.core import quarters, rules
from bihuan.core.deadlines import Due
from bihuan.core.hazard import HAZARD, Grade, Stage
from bihuan.core.powers import Power
from bihuan.core.quarters import Quarter
from bihuan.hazards.models import Listing, MajorsReport, Order, RemedyPlan
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.queries import in_reach
from bihuan.web.subjects import unseen

# HAZ-3: signed by the principal.
SIGNER = Power.APPROVE
READERS = frozenset({Power.APPROVE, Power.SUPERVISE, Power.COORDINATE, Power.AUDIT})
RULE = "HAZ-3a"


@dataclass(frozen=True)
class Figures:
    """The figures of a unit and all units below it, for one quarter."""

    found_count: int
    closed_count: int
    open_count: int
    overdue_count: int
    listed_count: int
    stopped_count: int
    funds: Decimal


def visible_to(user: User, now: datetime) -> QuerySet[MajorsReport, MajorsReport]:
    reports = MajorsReport.objects.filter(in_reach(user, READERS, now))
    return reports.select_related("unit", "post__unit")


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def posts_to_sign(user: User, now: datetime) -> list[Post]:
    """Return the officer's own posts that sign the report of their unit."""
    on = localdate(now)
    return [seat.post for seat in access.own_seats(user, on) if SIGNER in seat.powers]


def last_quarter(now: datetime) -> Quarter:
    """Return the last quarter that has ended."""
    return quarters.of(localdate(now)).before


def due(quarter: Quarter, now: datetime) -> Due:
    """Return until when the report of a quarter is owed."""
    days = rules.rule(RULE, on=localdate(now)).length
    last = quarter.last_date + timedelta(days=days)
    return Due(make_aware(datetime.combine(last, time(23, 59, 59)), get_default_timezone()), False)


def missing(user: User, now: datetime) -> QuerySet[Unit, Unit]:
    """Return the units whose report of the last quarter this officer has to sign: where there
    was a major hazard, and nothing is signed.
    """
    quarter = last_quarter(now)
    owing = Q(pk__in=())
    for unit in {post.unit_id: post.unit for post in posts_to_sign(user, now)}.values():
        owing |= Q(Exists(_majors(unit).filter(_was_open(quarter))), pk=unit.pk)
    signed = MajorsReport.objects.filter(
        year=quarter.year, quarter=quarter.number, unit=OuterRef("pk")
    )
    return Unit.objects.filter(owing, ~Exists(signed)).order_by("path")


def figures(unit: Unit, quarter: Quarter) -> Figures:
    """Count the major hazards of a unit and all units below it. Five queries."""
    begins, ends = _instants(quarter)
    rows = _majors(unit)
    in_quarter = Q(ended_at__gte=begins, ended_at__lt=ends)
    open_then = _open_at(ends)
    counted = rows.aggregate(
        found_count=Count(
            "pk", Q(hazard__found_date__range=(quarter.first_date, quarter.last_date))
        ),
        closed_count=Count("pk", in_quarter & Q(stage__in=(Stage.CLOSED, Stage.RECHECKED))),
        open_count=Count("pk", open_then),
        overdue_count=Count("pk", open_then & Q(hazard__deadline_date__lt=quarter.last_date)),
    )
    still = rows.filter(open_then)
    plans = RemedyPlan.objects.filter(case=OuterRef("pk"), made_at__lt=ends).order_by("-edition")
    planned = still.annotate(last_budget=Subquery(plans.values("budget")[:1]))
    within = Q(case__in=rows.values("pk"))
    return Figures(
        listed_count=Listing.objects.filter(
            within, listed_at__gte=begins, listed_at__lt=ends
        ).count(),
        stopped_count=Order.objects.filter(
            within, kind=Order.Kind.STOP_WORK.value, ordered_at__gte=begins, ordered_at__lt=ends
        ).count(),
        funds=planned.aggregate(total=Sum("last_budget"))["total"] or Decimal(0),
        **counted,
    )


def _majors(unit: Unit) -> QuerySet[Case, Case]:
    rows = Case.objects.filter(kind=HAZARD.kind, hazard__grade=Grade.MAJOR.value)
    return rows.filter(owner__path__startswith=unit.path).exclude(stage=Stage.REJECTED.value)


def _instants(quarter: Quarter) -> tuple[datetime, datetime]:
    zone = get_default_timezone()
    days = (quarter.first_date, quarter.after.first_date)
    begins, ends = (make_aware(datetime.combine(day, time.min), zone) for day in days)
    return begins, ends


def _open_at(at: datetime) -> Q:
    return Q(reported_at__lt=at) & (Q(ended_at=None) | Q(ended_at__gte=at))


def _was_open(quarter: Quarter) -> Q:
    begins, ends = _instants(quarter)
    return Q(reported_at__lt=ends) & (Q(ended_at=None) | Q(ended_at__gte=begins))
