"""A written opinion as a page to print."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bihuan.cases.models import Case
from bihuan.core.grievance import GRIEVANCE
from bihuan.desk import dossier
from bihuan.grievances import written
from bihuan.grievances.models import Opinion
from bihuan.orgs.http import SignedInRequest


@require_safe
def opinion(request: SignedInRequest, number: str, round: str) -> HttpResponse:
    """Show the opinion of one round, once it is issued (PET-25)."""
    try:
        case = dossier.case_for(request.user, number, timezone.now())
        if case.kind != GRIEVANCE.kind:
            raise Opinion.DoesNotExist
        shown = written.one(case, round)
    except (Case.DoesNotExist, Opinion.DoesNotExist) as nothing:
        raise Http404 from nothing
    if shown.is_draft:
        raise Http404
    return render(request, "grievances/opinion.html", {"case": case, "written": shown})
