"""What the pages ask about hazards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade
from bihuan.hazards.models import (
    Acceptance,
    Control,
    Judgement,
    Listing,
    Order,
    RemedyPlan,
    UpwardReport,
)
from bihuan.orgs.models import Tenure
from bihuan.store.prepared import prepared


@prepared
def controls_in_force(case: int, on: date) -> QuerySet[Control, Control]:
    """The interim controls of a case, each with the holder of its post on that day."""
    rows = Control.objects.filter(hazard=case, ended_at=None).select_related("post__unit")
    holder = Tenure.objects.in_force(on).filter(post=OuterRef("post"))
    named = rows.annotate(holder=Subquery(holder.values("member__name")[:1]))
    return named.order_by("expiry_date", "pk")


@dataclass(frozen=True)
class Chain:
    """What was decided, planned, listed, ordered and accepted about one hazard."""

    judgement: Judgement | None
    plan: RemedyPlan | None
    report: UpwardReport | None
    listings: tuple[Listing, ...]
    orders: tuple[Order, ...]
    acceptances: tuple[Acceptance, ...]


def chain_of(case: Case) -> Chain | None:
    """Return the chain of a major hazard, or of one with orders; None for all others."""
    has_orders = bool(getattr(case, "has_orders", False))
    if case.hazard.grade != Grade.MAJOR and not has_orders:
        return None
    plans = RemedyPlan.objects.filter(case=case).select_related("post__unit")
    listings = Listing.objects.filter(case=case).select_related("unit", "acceptance_unit")
    acceptances = Acceptance.objects.filter(case=case).prefetch_related("opinions")
    return Chain(
        Judgement.objects.filter(case=case).order_by("pk").last(),
        plans.order_by("edition").last(),
        UpwardReport.objects.filter(case=case).select_related("unit").order_by("pk").last(),
        tuple(listings.order_by("-pk")),
        tuple(Order.objects.filter(case=case).select_related("unit").order_by("-pk")),
        tuple(acceptances.order_by("-pk")),
    )
