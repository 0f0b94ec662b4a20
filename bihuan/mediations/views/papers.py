"""Documents of the mediating unit: the record of the meetings, and the text to sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.core import mediation as rules
from bihuan.core.mediation import MEDIATION
from bihuan.desk.views.case import crumbs_to
from bihuan.mediations import queries, wording
from bihuan.orgs.http import SignedInRequest


def mediated(request: SignedInRequest, number: str, now: datetime) -> Case:
    """Return a mediation that this officer may see; else 404."""
    try:
        case = cases.case_for(request.user, number, now)
    except Case.DoesNotExist as nothing:
        raise Http404 from nothing
    if case.kind != MEDIATION.kind:
        raise Http404
    return case


def _private(request: SignedInRequest, number: str, now: datetime) -> Case:
    """Return one whose records this officer may read: the mediating unit only, no unit above it."""
    case = mediated(request, number, now)
    if not queries.may_read(case, request.user, now):
        raise Http404
    return case


@require_safe
@never_cache
def record(request: SignedInRequest, number: str) -> HttpResponse:
    """Show meetings, the text and its state, for the mediating unit."""
    now = timezone.now()
    case = _private(request, number, now)
    context = {
        **_text(case),
        "case": case,
        "meetings": queries.sessions(case),
        "heading": _("Record of the mediation"),
        **crumbs_to(case),
    }
    return render(request, "mediations/record.html", context)


@require_safe
@never_cache
def agreement(request: SignedInRequest, number: str) -> HttpResponse:
    """Show the text with lines to sign, a copy for each party and one for the file (MED-5)."""
    now = timezone.now()
    case = _private(request, number, now)
    text = _text(case)
    if text["agreement"] is None:
        raise Http404
    mediator = queries.mediator_of(case, now)
    parties = [wording.party(party.slot) for party in queries.parties(case)]
    context = {
        **text,
        "case": case,
        "parties": parties,
        "copies": [*parties, _("The mediation committee")],
        "mediator": mediator.name if mediator else "",
        "now": now,
    }
    return render(request, "mediations/agreement.html", context)


def _text(case: Case) -> dict[str, Any]:
    """Return the exact text from which its hash was calculated."""
    found = queries.on_table(case)
    if found is None:
        return {"agreement": None}
    promised = list(queries.promised(found))
    confirmed = [party for party in queries.parties(case) if queries.stance(party).confirmed]
    return {
        "agreement": found,
        "text": rules.text_of(found.terms, [(item.due_date, item.what) for item in promised]),
        "digest": wording.grouped(found.digest),
        "promised": promised,
        "confirmed": [wording.party(party.slot) for party in confirmed],
    }
