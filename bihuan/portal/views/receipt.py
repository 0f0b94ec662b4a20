"""The receipt that proves a report: shown once it is created, and again if the form is sent again.

A browser that accepts cookies is redirected to a separate page, which it can reload without sending
the form again, as phones do that discarded the page. Any other gets the receipt as the response to
its form.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bihuan import languages
from bihuan.core import codes as code_rules
from bihuan.orgs import choices
from bihuan.portal import tokens, wording
from bihuan.portal.queries import terms
from bihuan.portal.views.public import public
from bihuan.receipts import codes, printed, sides
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import intake
from bihuan.web.cookies import let_keep

# Which form was sent: anyone with this cookie may see the receipt, for half an hour.
COOKIE, COOKIE_PATH = "bihuan_receipt", "/receipt/"
LASTS = timedelta(minutes=30)
# The same for everyone: it shows that the browser accepts cookies.
KEEPS, KEEPS_PATH = "bihuan_keeps", "/report/"


def try_cookies(response: HttpResponse) -> HttpResponse:
    """Set a cookie, to find out when the form is sent whether the browser accepts cookies."""
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
    """Respond to a form that was accepted, now or before; `typed` are texts that were not."""
    if KEEPS not in request.COOKIES or typed:
        return page(request, taken, now, token=token, again=again, typed=typed)
    response = redirect(reverse("portal:receipt") + ("?again=1" if again else ""))
    return let_keep(response, COOKIE, token, path=COOKIE_PATH, lasts=LASTS)


def forget(response: HttpResponse) -> None:
    """Remove every trace on this device."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")


@public
@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Show the receipt of the form that this browser sent a while ago."""
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
    """Show the code, the slip and the next steps. After a reload, the same form gives the same
    page.
    """
    case = taken.case
    context = {
        "taken": taken,
        "case": case,
        "token": token,
        "carried": {"form": token},
        "again": again,
        "typed": typed,
        "code": code_rules.written(taken.code),
        "phrase": codes.phrase(taken.code, languages.current()),
        "qr": printed.picture(taken.slip),
        "track": printed.address(request),
        "office": choices.name_of(case.owner),
        "terms": list(wording.speak_terms(case.kind, terms.terms(taken.running))),
        "next": sides.of(case.kind).next_steps(case),
        "now": now,
    }
    return render(request, "portal/report/receipt.html", context)
