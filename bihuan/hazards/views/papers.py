"""Papers of a hazard to print and hand over: notices, orders, re-checks, acceptances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan import languages
from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.hazards import limits, queries
from bihuan.hazards.models import Acceptance, Listing, Order, RemedyPlan, UpwardReport
from bihuan.orgs.http import SignedInRequest


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its heading, the rows of which there is one, and its template."""

    heading: Promise
    rows: QuerySet[Any, Any]
    template: str
    # There only where the local pack asks for it.
    is_local: bool = False


def _orders(kind: Order.Kind) -> QuerySet[Order, Order]:
    return Order.objects.filter(kind=kind.value).select_related("case", "unit")


PAPERS: Mapping[str, Paper] = {
    "plan": Paper(
        _("Plan of rectification"),
        RemedyPlan.objects.select_related("case", "post__unit"),
        "hazards/papers/plan.html",
    ),
    "report": Paper(
        _("Report of a major hazard"),
        UpwardReport.objects.select_related("case", "unit"),
        "hazards/papers/report.html",
    ),
    "listing": Paper(
        _("Notice of supervision listing"),
        Listing.objects.select_related("case", "unit", "acceptance_unit"),
        "hazards/papers/listing.html",
    ),
    "rectify": Paper(
        _("Order to rectify by a day"),
        _orders(Order.Kind.RECTIFY),
        "hazards/papers/order.html",
    ),
    "stop-work": Paper(
        _("Stop-work order"), _orders(Order.Kind.STOP_WORK), "hazards/papers/order.html"
    ),
    "re-check": Paper(
        _("Re-check opinion"),
        Order.objects.exclude(checked_at=None).select_related("case", "unit"),
        "hazards/papers/check.html",
    ),
    "lifting": Paper(
        _("Lifting of a stop-work order"),
        Order.objects.exclude(lifted_at=None).select_related("case", "unit"),
        "hazards/papers/lifting.html",
    ),
    "place-notice": Paper(
        _("Notice at the place"),
        _orders(Order.Kind.STOP_WORK).filter(lifted_at=None),
        "hazards/papers/place_notice.html",
        is_local=True,
    ),
    "acceptance": Paper(
        _("Acceptance opinion"),
        Acceptance.objects.select_related("case", "unit").prefetch_related("opinions"),
        "hazards/papers/acceptance.html",
    ),
}


@require_safe
@never_cache
def paper(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """Show one A4 page with number and lines to sign, for officers who may see the case."""
    now = timezone.now()
    known = PAPERS.get(kind)
    notice = limits.pack().place_notice
    if known is None or (known.is_local and notice is None):
        raise Http404
    row = get_object_or_404(known.rows, pk=pk)
    case = _seen(request, row, now)
    context = {
        "row": row,
        "case": case,
        "heading": known.heading,
        "chain": queries.chain_of(case),
        "notice_source": languages.of(notice.source) if notice else "",
        "now": now,
    }
    return render(request, known.template, context)


def _seen(request: SignedInRequest, row: Model, now: datetime) -> Case:
    """Return the case of the row if the officer may see it; else 404."""
    case: Case = row.case  # type: ignore[attr-defined]
    try:
        return cases.case_for(request.user, case.number, now)
    except Case.DoesNotExist as nothing:
        raise Http404 from nothing
