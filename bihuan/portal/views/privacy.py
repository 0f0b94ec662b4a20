"""What is stored about a submission: in general, and under one code (PRV-1, PRV-2, PRV-4)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from bihuan.orgs import choices
from bihuan.orgs.models import Unit
from bihuan.portal import amending, moves, notice
from bihuan.portal.queries import kept as queries
from bihuan.portal.queries.offices import for_public
from bihuan.portal.views.holding import LASTS, holder_of
from bihuan.portal.views.public import public
from bihuan.retention import queries as retention

# Correcting, erasing and withdrawing submitted items.
OF_RIGHTS = frozenset({"add", "erase", "withdraw"})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the notice: what is stored and why, who sees it, for how long, and everyone's rights."""
    today = localdate(timezone.now())
    offices = for_public(Unit.objects.in_force(today)).filter(parent=None).order_by("pk")
    context = {
        "offices": [choices.name_of(unit) for unit in offices],
        "things": notice.things(
            settings.SEAL_KEPT_DAYS, int(LASTS.total_seconds() // 60), retention.schedule()
        ),
        "rights": notice.RIGHTS,
        "law": notice.LAW,
    }
    return render(request, "portal/privacy/notice.html", context)


@public
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show everything that is stored under the code, to be read, printed or downloaded."""
    now, who = timezone.now(), holder_of(request)
    if who is None:
        return redirect("portal:track")
    found = queries.kept(who)
    if request.GET.get("format") == "json":
        return _file(found, now)
    is_sealed = bool(found.sealed_at and not found.erased_at)
    acts = moves.open_now(who, now, is_sealed=is_sealed)
    context = {
        "case": who.case,
        "kept": found,
        "is_sealed": is_sealed,
        "days": settings.SEAL_KEPT_DAYS,
        "acts": [each for each in acts if each.name in OF_RIGHTS],
        "told": amending.told(who),
        "against": amending.against(),
        "done": moves.done(request.GET.get("done", "")),
        "now": now,
    }
    return render(request, "portal/privacy/kept.html", context)


def _file(found: queries.StoredData, now: datetime) -> JsonResponse:
    """Return the content of the page as a machine-readable file; times are ISO 8601."""
    told = {"made_at": now, **asdict(found)}
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return response
