"""Assign many cases with one plan: each individually, with its own result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import kinds, queries
from bihuan.cases.models import Case
from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.desk import listing, pages
from bihuan.desk.move_pages import FilledIn
from bihuan.orgs.http import SignedInRequest


@dataclass(frozen=True)
class Result:
    """The result for one case; without a reason it was assigned."""

    case: Case
    refused: str


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_assign(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    data = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, data.getlist("case")[: listing.SIZE], now)
    if not chosen:
        return redirect("desk:ledger")
    of_kind = pages.of(chosen[0])
    page = of_kind.moves[of_kind.bulk_move]
    filled = page.fill_in(request.POST or None, case=None, user=request.user, now=now)
    form = filled.form
    context: dict[str, Any] = {"back_url": reverse("desk:ledger"), "back_label": _("Ledger")}
    if form.is_valid():
        results = [_assign(request, case, filled, data, now) for case in chosen]
        context |= {"heading": _("Assignment results"), "results": results}
        return render(request, "desk/bulk_result.html", context)
    context |= {
        "heading": _("Assign selected"),
        "cases": [(case, kinds.stage_words(case.kind, case.stage)) for case in chosen],
        "form": form,
        "submit": _("Assign all of these"),
        "cancel_url": reverse("desk:ledger"),
    }
    return render(request, "desk/bulk_assign.html", context)


def _chosen(request: SignedInRequest, numbers: list[str], now: datetime) -> list[Case]:
    """Return the chosen cases of one kind that the officer sees, by number."""
    named = [number for number in numbers if "\x00" not in number]
    cases = queries.visible_to(request.user, now).filter(
        number__in=named, kind__in=pages.assigned_in_bulk()
    )
    found = list(cases.select_related("owner").order_by("number"))
    return [case for case in found if case.kind == found[0].kind]


def _assign(
    request: SignedInRequest, case: Case, filled: FilledIn, data: QueryDict, now: datetime
) -> Result:
    kind = kinds.of(case)
    try:
        version = whole(data.get(f"version-{case.number}", ""))
        filled.make({"case": case, "actor": request.user, "now": now, "version": version})
    except Refusal as refusal:
        return Result(case, kind.wording.explain(refusal))
    return Result(case, "")
