"""The receipt that proves a report: shown once it is made, and again if the form comes again."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from bihuan.cases import choices, codes, slips
from bihuan.cases.actions.intake import Taken
from bihuan.core import codes as code_rules
from bihuan.portal import wording
from bihuan.portal.queries import terms


def page(
    request: HttpRequest, taken: Taken, token: str, now: datetime, *, again: bool = False
) -> HttpResponse:
    """The code, the slip and what comes next. Reloaded, the same form gives the same page."""
    case = taken.case
    told = terms.terms(terms.running(case.pk))
    context = {
        "taken": taken,
        "case": case,
        "token": token,
        "again": again,
        "code": code_rules.written(taken.code),
        "phrase": codes.phrase(taken.code, get_language() or "zh"),
        "qr": slips.picture(taken.slip),
        "office": choices.name_of(case.owner),
        "terms": list(wording.speak_terms(told)),
        "next": wording.next_steps(case),
        "now": now,
    }
    return render(request, "portal/report/receipt.html", context)
