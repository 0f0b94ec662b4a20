"""The register of sites."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.orgs.http import SignedInRequest
from bihuan.sites import queries
from bihuan.web import paging


@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List the sites in the officer's reach, newest first."""
    now = timezone.now()
    found = queries.visible_to(request.user, now).open().select_related("unit", "operator_unit")
    page = paging.requested(request, found)
    context = {"rows": page.rows, **page.links()}
    return render(request, "sites/register.html", context)
