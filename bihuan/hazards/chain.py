"""What the rules need of the chain of a major hazard, as annotations of the query for the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from bihuan.cases.models import Case
from bihuan.core.hazard import HazardFact, Move
from bihuan.core.lifecycle import Fact
from bihuan.hazards.models import Acceptance, Listing, Order, RemedyPlan

HERE = OuterRef("pk")


def _listing() -> QuerySet[Listing, Listing]:
    return Listing.objects.filter(case=HERE, ended_at=None)


def _stopped() -> QuerySet[Order, Order]:
    return Order.objects.filter(case=HERE, kind=Order.Kind.STOP_WORK.value, lifted_at=None)


def _accepted() -> QuerySet[Acceptance, Acceptance]:
    """Return the acceptances of this round, since the fix was last sent back."""
    rows = Acceptance.objects.filter(case=HERE, accepted_at__gte=OuterRef("round_at"))
    return rows.exclude(case__returned_at__gte=F("accepted_at")).order_by("-pk")


_UNSETTLED = Q(lifted_at=None) & (Q(is_complied=None) | Q(is_complied=False))
ANNOTATIONS: Mapping[str, Exists | Subquery] = {
    "has_remedy_plan": Exists(RemedyPlan.objects.filter(case=HERE)),
    "listing_by": Subquery(_listing().values("listed_by")[:1]),
    "more_time_by": Subquery(_listing().values("asked_by")[:1]),
    "removal_by": Subquery(_listing().values("removal_by")[:1]),
    "site_reviewed_by": Subquery(_listing().values("reviewed_by")[:1]),
    "is_accepted": Subquery(_accepted().values("is_passed")[:1]),
    "has_orders": Exists(Order.objects.filter(case=HERE)),
    "has_unsettled_order": Exists(Order.objects.filter(_UNSETTLED, case=HERE)),
    "order_checked_by": Subquery(_stopped().filter(is_complied=True).values("checked_by")[:1]),
    "order_path": Subquery(_stopped().filter(unit__end_date=None).values("unit__path")[:1]),
}


def _of(case: Case, name: str) -> Any:
    return getattr(case, name)


def facts(case: Case) -> frozenset[Fact]:
    """Return the facts of the chain; the case must be loaded with them."""
    is_listed = _of(case, "listing_by") is not None
    said = {
        HazardFact.PLAN_OWED: is_listed and not _of(case, "has_remedy_plan"),
        HazardFact.MORE_TIME_ASKED: _of(case, "more_time_by") is not None,
        HazardFact.REMOVAL_ASKED: _of(case, "removal_by") is not None,
        HazardFact.REVIEW_OWED: is_listed and _of(case, "site_reviewed_by") is None,
        HazardFact.ACCEPTED: bool(_of(case, "is_accepted")),
        HazardFact.ORDERED: _of(case, "has_unsettled_order"),
        HazardFact.ORDER_CHECKED: _of(case, "order_checked_by") is not None,
    }
    return frozenset(fact for fact, so in said.items() if so)


def askers(case: Case) -> Mapping[str, int]:
    """Return who may not make a move because of what they did: who listed it neither ends the
    listing nor closes the case, who applied does not review, who re-checked does not lift.
    """
    by = {
        Move.CLOSE: "listing_by",
        Move.UNLIST: "listing_by",
        Move.DECIDE_MORE_TIME: "more_time_by",
        Move.REVIEW_SITE: "removal_by",
        Move.RESUME_WORK: "order_checked_by",
    }
    found = {move: _of(case, name) for move, name in by.items()}
    return {move: member for move, member in found.items() if member is not None}


def ordered_by(case: Case) -> str:
    """Return the path of the unit whose stop-work order is in force; empty if there is none, or
    if the unit was closed since.
    """
    path: str | None = _of(case, "order_path")
    return path or ""
