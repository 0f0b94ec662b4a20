"""What stays with the unit that mediates: the record of the meetings, and the signed text."""

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
from bihuan.mediations import queries, wording
from bihuan.orgs.http import SignedInRequest


def mediated(request: SignedInRequest, number: str, now: datetime) -> Case:
    """A mediation that this officer may see, or "not found"."""
    try:
        case = cases.case_for(request.user, number, now)
    except Case.DoesNotExist as nothing:
        raise Http404 from nothing
    if case.kind != MEDIATION.kind:
        raise Http404
    return case


def _private(request: SignedInRequest, number: str, now: datetime) -> Case:
    """One whose records this officer may read: the unit that mediates, and nobody above it."""
    case = mediated(request, number, now)
    if not queries.may_read(case, request.user, now):
        raise Http404
    return case


@require_safe
@never_cache
def record(request: SignedInRequest, number: str) -> HttpResponse:
    """Meetings, the text and what became of it, for the unit that mediates."""
    now = timezone.now()
    case = _private(request, number, now)
    context = {
        **_text(case),
        "case": case,
        "meetings": queries.sessions(case),
        "heading": _("Record of the mediation"),
        "back_url": case.get_absolute_url(),
        "back_label": case.number,
    }
    return render(request, "mediations/record.html", context)


@require_safe
@never_cache
def agreement(request: SignedInRequest, number: str) -> HttpResponse:
    """The text with lines to sign, a copy for each party and one for the file (MED-5)."""
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
    """The text on the table, word by word as its hash was made."""
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
