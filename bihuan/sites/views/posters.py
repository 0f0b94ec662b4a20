"""Posters to print, at A4 or A5: of one site, of one unit, and of many sites at once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core.numerals import whole
from bihuan.core.powers import OF_OFFICERS
from bihuan.orgs import access
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.sites import catalogue, posters, queries
from bihuan.sites.models import SiteQuerySet
from bihuan.sites.posters import Poster
from bihuan.web import paging

SIZES = ("a4", "a5")
# As many as a printer takes at once, and as many codes as a page can draw while one waits.
AT_ONCE = 50


def _report(request: SignedInRequest) -> str:
    """Return the full address of the public's form: that of the deployment, if it is set."""
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{base}{posters.report_path()}"


@require_safe
@never_cache
def poster(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the poster of one site."""
    now = timezone.now()
    site = get_object_or_404(queries.visible_to(request.user, now).open(), pk=pk)
    found = [posters.of_site(site, _report(request))]
    return _sheet(request, found, site.get_absolute_url(), site.name)


@require_safe
@never_cache
def unit_poster(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the poster of a unit that is for the public."""
    now = timezone.now()
    units = access.scope(request.user, localdate(now))
    open_ones = Unit.objects.open().filter(is_public=True)
    reached = open_ones if units is None else open_ones.filter(pk__in=units)
    if "\x00" in code:
        raise Http404
    unit = get_object_or_404(reached, code=code)
    back = reverse("sites:posters")
    return _sheet(request, [posters.of_unit(unit, _report(request))], back, _("Posters"))


@require_safe
@never_cache
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose the sites whose posters are printed, and the unit."""
    now = timezone.now()
    if not access.has_somewhere(request.user, OF_OFFICERS, localdate(now)):
        raise Http404
    kind = request.GET.get("kind", "")
    found = queries.visible_to(request.user, now).open().select_related("unit")
    if kind in catalogue.kinds():
        found = found.filter(kind=kind)
    else:
        kind = ""
    page = paging.requested(request, found, size=AT_ONCE)
    seats = access.seats(request.user, localdate(now))
    context = {
        "rows": page.rows,
        "kind": kind,
        "kinds": catalogue.choices(catalogue.kinds()),
        "units": {seat.unit.pk: seat.unit for seat in seats if seat.unit.is_public}.values(),
        **page.links(f"kind={kind}" if kind else ""),
    }
    return render(request, "sites/posters.html", context)


@require_safe
@never_cache
def sheet(request: SignedInRequest) -> HttpResponse:
    """Show the posters of the chosen sites, each on a page of its own."""
    now = timezone.now()
    chosen = _chosen(request, now)
    base = _report(request)
    found = [posters.of_site(each, base) for each in chosen.order_by("unit__path", "pk")[:AT_ONCE]]
    if not found:
        raise Http404
    return _sheet(request, found, reverse("sites:posters"), _("Posters"))


def _chosen(request: SignedInRequest, now: datetime) -> SiteQuerySet:
    keys = {pk for text in request.GET.getlist("site") if (pk := whole(text)) is not None}
    return queries.visible_to(request.user, now).open().filter(pk__in=keys)


def _sheet(
    request: SignedInRequest, found: list[Poster], back_url: str, back_label: str
) -> HttpResponse:
    size = request.GET.get("size", "")
    size = size if size in SIZES else SIZES[0]
    query = request.GET.copy()
    query.pop("size", None)
    lead = f"?{query.urlencode()}&" if query else "?"
    context = {
        "posters": found,
        "size": size,
        "style": f"sites/poster-{size}.css",
        "sizes": [(f"{lead}size={each}", each.upper(), each == size) for each in SIZES],
        "back_url": back_url,
        "back_label": back_label,
    }
    return render(request, "sites/poster.html", context)
