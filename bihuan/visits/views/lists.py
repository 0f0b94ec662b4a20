"""What coordinators look at: bound and unbound sites, the load of posts, and the coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core.numerals import whole
from bihuan.core.visiting import Load
from bihuan.orgs import access, choices
from bihuan.orgs.choices import Holding
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import units_in_reach
from bihuan.sites import catalogue
from bihuan.sites.models import Site
from bihuan.visits import norms, queries, wording
from bihuan.visits.models import Binding
from bihuan.visits.views.mine import row_of
from bihuan.web import paging

HISTORY = 100


@dataclass(frozen=True)
class Chosen:
    """The unit of a list, as the address names it, and those that could be named."""

    unit: Unit | None
    units: list[Unit]
    query: str

    @classmethod
    def of(cls, request: SignedInRequest, now: datetime) -> Chosen:
        units = units_in_reach(request.user, [queries.BINDER], now)
        if not units:
            raise Http404
        pk = whole(request.GET.get("unit", ""))
        unit = next((each for each in units if each.pk == pk), None)
        return cls(unit, units, urlencode({"unit": unit.pk}) if unit else "")


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """Return the pages for coordinators."""
    pages = (
        ("coverage", _("Coverage")),
        ("bound", _("Bound sites")),
        ("unbound", _("Sites without a post")),
        ("posts", _("Load of posts")),
        ("groups", _("Groups")),
    )
    shown = [(reverse(f"visits:{name}"), label, name == current) for name, label in pages]
    return [*shown, (reverse("sites:posters"), _("Posters"), False)]


@require_safe
@never_cache
def coverage(request: SignedInRequest) -> HttpResponse:
    """Show by unit how many sites are bound, and how many of these were visited in time."""
    now = timezone.now()
    chosen = Chosen.of(request, now)
    top = chosen.unit or chosen.units[0]
    above = [each for each in chosen.units if each.pk == top.parent_id]
    context = {
        "top": top,
        "above": above[0] if above else None,
        "rows": queries.coverage(request.user, top, localdate(now), now),
        "tops": access.tops(request.user, [queries.BINDER], localdate(now)),
        "tabs": tabs("coverage"),
    }
    return render(request, "visits/coverage.html", context)


@require_safe
@never_cache
def bound(request: SignedInRequest) -> HttpResponse:
    """List the bound sites of a unit, by post if one is named."""
    now = timezone.now()
    on, chosen = localdate(now), Chosen.of(request, now)
    found, query = found_bound(request, chosen, now)
    page = paging.requested(request, found)
    context = {
        "rows": [row_of(each, on) for each in page.rows],
        "chosen": chosen,
        "late": request.GET.get("late") == "1",
        "export_url": f"{reverse('visits:bound-workbook')}?{query}",
        "is_filtered": bool(query),
        "tabs": tabs("bound"),
        **page.links(query),
    }
    return render(request, "visits/bound.html", context)


def found_bound(
    request: SignedInRequest, chosen: Chosen, now: datetime
) -> tuple[queries.Bindings, str]:
    """Return the bindings that the address asks for, and the filters as it has them."""
    found, query = queries.bound(request.user, now), {}
    if chosen.unit is not None:
        found = found.filter(site__unit__path__startswith=chosen.unit.path)
        query["unit"] = str(chosen.unit.pk)
    if (post := whole(request.GET.get("post", ""))) is not None:
        found, query["post"] = found.filter(post=post), str(post)
    if request.GET.get("late") == "1":
        found, query["late"] = found.filter(due_date__lt=localdate(now)), "1"
    return found, urlencode(query)


@require_safe
@never_cache
def unbound(request: SignedInRequest) -> HttpResponse:
    """List the sites that are bound to no post; chosen ones are bound together."""
    now = timezone.now()
    chosen = Chosen.of(request, now)
    found, query = found_unbound(request, chosen, now)
    page = paging.requested(request, found)
    context = {
        "rows": page.rows,
        "chosen": chosen,
        "kind": request.GET.get("kind", ""),
        "kinds": catalogue.choices(catalogue.kinds()),
        "export_url": f"{reverse('visits:unbound-workbook')}?{query}",
        "is_filtered": bool(query),
        "batch": _batch(request),
        "tabs": tabs("unbound"),
        **page.links(query),
    }
    return render(request, "visits/unbound.html", context)


def found_unbound(
    request: SignedInRequest, chosen: Chosen, now: datetime
) -> tuple[queries.Sites, str]:
    """Return the sites that the address asks for, and the filters as it has them."""
    found, query = queries.unbound(request.user, now), {}
    if chosen.unit is not None:
        found = found.filter(unit__path__startswith=chosen.unit.path)
        query["unit"] = str(chosen.unit.pk)
    kind = request.GET.get("kind", "")
    if kind in catalogue.kinds():
        found, query["kind"] = found.filter(kind=kind), kind
    return found, urlencode(query)


def _batch(request: SignedInRequest) -> tuple[UUID, int] | None:
    """Return what was bound just now, and can be undone."""
    try:
        batch = UUID(request.GET.get("batch", ""))
    except ValueError:
        return None
    count = Binding.objects.filter(batch=batch, ended_at=None).count()
    return (batch, count) if count else None


@dataclass(frozen=True)
class PostRow:
    holding: Holding
    load: Load
    label: str
    over: str


@require_safe
@never_cache
def posts(request: SignedInRequest) -> HttpResponse:
    """Show how many sites each post has, and how many visits they need; in tree order."""
    now = timezone.now()
    chosen = Chosen.of(request, now)
    held = queries.visiting_posts(request.user, now)
    if chosen.unit is not None:
        held = [each for each in held if each.post.unit.is_within(chosen.unit)]
    loads = queries.loads(each.post.pk for each in held)
    rows = [
        PostRow(each, found, wording.load(found), wording.over(found))
        for each in held
        for found in (loads.get(each.post.pk, Load()),)
    ]
    context = {
        "rows": rows,
        "chosen": chosen,
        "norm": norms.norm(),
        "tabs": tabs("posts"),
    }
    return render(request, "visits/posts.html", context)


@require_safe
@never_cache
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show to which posts a site was bound, and the visits to it."""
    now = timezone.now()
    site = get_object_or_404(queries.read(request.user, now).select_related("unit"), pk=pk)
    bindings = Binding.objects.filter(site=site).select_related("post__unit", "group")
    page = paging.requested(request, queries.visits_to(site))
    context = {
        "site": site,
        "heading": _("Visits to %(site)s") % {"site": site.name},
        "crumbs": [(site.name, site.get_absolute_url())],
        "bindings": [
            (each, wording.every(each.every_days)) for each in bindings.order_by("-pk")[:HISTORY]
        ],
        "rows": page.rows,
        **page.links(),
    }
    return render(request, "visits/history.html", context)


def holder_of(binding: Binding, on: date) -> str:
    """Return who holds the bound post; empty if it is vacant."""
    return choices.holders([binding.post_id], on).get(binding.post_id, "")


def sites_named(request: SignedInRequest, now: datetime) -> list[Site]:
    """Return the sites that a form or an address names, of those that the officer coordinates."""
    data = request.POST if request.method == "POST" else request.GET
    keys = {pk for text in data.getlist("site") if (pk := whole(text)) is not None}
    rows = queries.coordinated(request.user, now).filter(pk__in=keys)
    return list(rows.select_related("unit").order_by("pk"))
