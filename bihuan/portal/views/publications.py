"""Publications: replies, and hazards with a map."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.core.sketch import sketch
from bihuan.portal import guard, tokens, wording
from bihuan.portal.actions import publications as actions
from bihuan.portal.guard import Tried
from bihuan.portal.queries import figures, publications
from bihuan.portal.queries.publications import Page, PublicationSearch
from bihuan.portal.views.figures import chosen_year, whole_lines
from bihuan.portal.views.public import public, public_act
from bihuan.receipts.models import Publication
from bihuan.tallies import counting

WIDTH, HEIGHT = 640, 480
ME_TOO = "me-too"


@public
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Show the outcomes in the whole place, and the published replies."""
    now = timezone.now()
    on = localdate(now)
    asked = _asked(request, on)
    page = publications.answers(asked, now)
    context = _found(request, asked, page, "portal:open")
    if not (asked.words or asked.unit or asked.after):
        year = chosen_year(request, on)
        context |= {"whole": whole_lines(figures.whole_place(year)), "year": year}
    return render(request, "portal/publications/answers.html", context)


@public
@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one reply in full."""
    shown = publications.answer(pk, timezone.now())
    if shown is None:
        raise Http404
    context = {"shown": shown, "unit": _answering(shown)}
    return render(request, "portal/publications/answer.html", context)


# ---------------------------------------------------------------------- dangers
@public
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Show published hazards: a list, and a map drawn from their points alone."""
    return _near(request, timezone.now())


@public_act("portal:near")
@require_POST
def me_too(request: HttpRequest, pk: int) -> HttpResponse:
    """Count one more person affected by a hazard; a double click counts once."""
    now = timezone.now()
    shown = publications.danger(pk)
    if shown is None:
        raise Http404
    key = tokens.read(request.POST.get("form", ""), ME_TOO)
    if key is None or now - key.opened_at > counting.HOUR:
        return _near(request, now, stale=pk)
    try:
        guard.require_room(Tried.ME_TOO, request, now)
    except Refusal as refusal:
        return _near(request, now, error=wording.explain(refusal), status=429)
    if guard.is_first(f"{ME_TOO}/{key.key}/{pk}", now):
        guard.note(Tried.ME_TOO, request, now)
        actions.me_too(publication=shown)
    return redirect(f"{reverse('portal:near')}?{urlencode({'thanks': pk})}#danger-{pk}")


def _near(
    request: HttpRequest, now: datetime, *, stale: int = 0, error: str = "", status: int = 200
) -> HttpResponse:
    asked = _asked(request, localdate(now))
    page = publications.dangers(asked, now)
    points = publications.points(asked)
    numbers = {each.pk: n for n, each in enumerate((e for e in page.found if e.pk in points), 1)}
    drawn = sketch(points, width=WIDTH, height=HEIGHT)
    context = _found(request, asked, page, "portal:near")
    context |= {
        "numbers": numbers,
        "map": drawn,
        "dots": [(x, y) for pk, (x, y) in drawn.dots.items() if pk not in numbers] if drawn else [],
        "marks": [(*drawn.dots[pk], n) for pk, n in numbers.items()] if drawn else [],
        "on_the_map": len(points),
        "token": tokens.new(now, ME_TOO),
        "thanks": whole(request.GET.get("thanks", "")) or 0,
        "stale": stale,
        "error": error,
    }
    return render(request, "portal/publications/near.html", context, status=status)


def _asked(request: HttpRequest, on: date) -> PublicationSearch:
    get = request.GET
    return PublicationSearch.of(get.get("q", ""), get.get("unit", ""), get.get("after", ""), on)


def _found(request: HttpRequest, asked: PublicationSearch, page: Page, name: str) -> dict[str, Any]:
    kept = {"q": asked.words, "unit": asked.unit.code if asked.unit else ""}
    query = {key: value for key, value in kept.items() if value}
    base = reverse(name)
    return {
        "asked": asked,
        "found": [(each, _answering(each)) for each in page.found],
        "next_url": f"{base}?{urlencode({**query, 'after': page.after})}" if page.after else "",
        "previous_url": f"{base}?{urlencode(query)}" if asked.after else "",
    }


def _answering(shown: Publication) -> Any:
    return shown.case.resolved_unit or shown.case.owner
