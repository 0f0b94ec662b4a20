"""The receipt that proves a report: shown once it is made, and again if the form comes again.

A browser that keeps cookies is sent on to a page of its own, which it can load again without
sending the form again, as telephones do that threw the page out of their memory. Any other gets
the receipt as the answer to its form.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan.core import codes as code_rules
from bihuan.orgs import choices
from bihuan.portal import tokens, wording
from bihuan.portal.queries import terms
from bihuan.portal.views.public import public
from bihuan.receipts import codes, printed
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import intake
from bihuan.web.cookies import let_keep

# Which form was sent: whoever has it may see the receipt, for half an hour.
COOKIE, COOKIE_PATH = "bihuan_receipt", "/receipt/"
LASTS = timedelta(minutes=30)
# The same for everybody: it says that the browser keeps cookies.
KEEPS, KEEPS_PATH = "bihuan_keeps", "/report/"


def try_cookies(response: HttpResponse) -> HttpResponse:
    """Let the browser show, when the form comes, whether it keeps cookies."""
    return let_keep(response, KEEPS, "1", path=KEEPS_PATH)


def give(
    request: HttpRequest,
    taken: IntakeResult,
    token: str,
    now: datetime,
    *,
    again: bool = False,
    typed: str = "",
) -> HttpResponse:
    """Answer a form that was taken, now or before; `typed` are words that were not."""
    if KEEPS not in request.COOKIES or typed:
        return page(request, taken, now, token=token, again=again, typed=typed)
    response = redirect(reverse("portal:receipt") + ("?again=1" if again else ""))
    return let_keep(response, COOKIE, token, path=COOKIE_PATH, lasts=LASTS)


def forget(response: HttpResponse) -> None:
    """Leave nothing of it on this device."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")


@public
@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """The receipt of the form that this browser sent a while ago."""
    now = timezone.now()
    key = tokens.read(request.COOKIES.get(COOKIE, ""))
    taken = intake.taken_before(form_key=key.key) if key and not key.is_expired(now) else None
    if taken is None:
        return render(request, "portal/report/no_receipt.html")
    return page(request, taken, now, again="again" in request.GET)


def page(
    request: HttpRequest,
    taken: IntakeResult,
    now: datetime,
    *,
    token: str = "",
    again: bool = False,
    typed: str = "",
) -> HttpResponse:
    """The code, the slip and what comes next. Reloaded, the same form gives the same page."""
    case = taken.case
    context = {
        "taken": taken,
        "case": case,
        "token": token,
        "again": again,
        "typed": typed,
        "code": code_rules.written(taken.code),
        "phrase": codes.phrase(taken.code, get_language() or "zh"),
        "qr": printed.picture(taken.slip),
        "office": choices.name_of(case.owner),
        "terms": list(wording.speak_terms(terms.terms(taken.running))),
        "next": wording.next_steps(case),
        "now": now,
    }
    return render(request, "portal/report/receipt.html", context)
