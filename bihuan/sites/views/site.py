"""The page of one site: what is known of it, and what other parts show of it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.files import attachments
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import queries, sections
from bihuan.sites.models import Site
from bihuan.web import timeline


def seen(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return a site that this officer may see; else 404."""
    found = queries.visible_to(request.user, now).select_related("unit", "operator_unit")
    return get_object_or_404(found, pk=pk)


@require_safe
@never_cache
def site(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = seen(request, pk, now)
    context = {
        "site": found,
        "kind": found.site_kind,
        "sections": sections.of(found, request.user, now),
        "buttons": sections.buttons_of(found, request.user, now),
        "attachments": attachments.of(found.subject, request.user, now),
        "timeline": timeline.of(found.subject),
    }
    return render(request, "sites/site.html", context)
