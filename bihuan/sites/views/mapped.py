"""The map of one site: a page, or the part of the site's page that is fetched."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.orgs.http import SignedInRequest
from bihuan.sites import shown
from bihuan.sites.views.acting import seen


@require_safe
def map_page(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = seen(request, pk, now)
    is_part = request.headers.get("HX-Request") == "true"
    context = {
        "site": site,
        "map": shown.map_of(site, request.user, now),
        "crumbs": [(_("Sites"), reverse("sites:sites")), (site.name, site.get_absolute_url())],
    }
    return render(request, f"sites/map_{'part' if is_part else 'page'}.html", context)
