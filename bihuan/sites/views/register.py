"""The register of sites, and the view of it that is the list of supervised enterprises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from tempfile import TemporaryFile
from urllib.parse import parse_qsl

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core.powers import Power
from bihuan.desk import workbook
from bihuan.files.views import workbook as as_download
from bihuan.orgs import naming
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import units_in_reach
from bihuan.sites import catalogue, exported, listing, queries
from bihuan.sites.listing import ENTERPRISES, SiteFilters
from bihuan.web import paging

SIZE = 30


@dataclass(frozen=True)
class Choice:
    """One filter with its options."""

    name: str
    label: str | Promise
    options: list[tuple[str, str]]
    chosen: str


@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List the sites in the officer's reach that the filters select, newest first."""
    now, user = timezone.now(), request.user
    filters = SiteFilters.of(request.GET.dict())
    found = listing.narrowed(user, filters, now).select_related("unit", "operator_unit")
    page = paging.requested(request, found, size=SIZE)
    choices = _choices(filters, user, now)
    plain = replace(SiteFilters(), view=filters.view)
    context = {
        "heading": _("Supervised enterprises") if filters.view else _("Sites"),
        "rows": listing.rows(page.rows, user, now),
        "filters": filters,
        "choices": choices,
        "tabs": _tabs(filters),
        "active": _active(filters, choices),
        "clear_url": f"{reverse('sites:sites')}?{plain.query}",
        "may_register": queries.keeps_any(user, now),
        "import_url": workbook.urls(user, localdate(now)).get("import_url", ""),
        **page.links(filters.query),
    }
    return render(request, "sites/register.html", context)


@require_safe
@never_cache
def export(request: SignedInRequest) -> HttpResponseBase:
    """Download what the filters select as a workbook that can be imported again."""
    now = timezone.now()
    filters = SiteFilters.of(request.GET.dict())
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    exported.hand_out(
        out,
        sites=listing.narrowed(request.user, filters, now),
        asked=dict(parse_qsl(filters.query)),
        actor=request.user,
        now=now,
    )
    out.seek(0)
    return as_download(out, _("sites %(day)s") % {"day": localdate(now).isoformat()})


def _tabs(filters: SiteFilters) -> list[tuple[str, str, bool]]:
    base = reverse("sites:sites")
    return [
        (base, _("All sites"), not filters.view),
        (f"{base}?view={ENTERPRISES}", _("Supervised enterprises"), bool(filters.view)),
    ]


def _choices(filters: SiteFilters, user: User, now: datetime) -> list[Choice]:
    anything = ("", _("Any"))
    kinds = [anything, *catalogue.choices(catalogue.kinds())]
    trades = [anything, *catalogue.choices(catalogue.trades())]
    units = [anything, *((unit.code, _indented(unit)) for unit in _units(user, now))]
    if filters.unit and filters.unit not in dict(units):
        units.append((filters.unit, filters.unit))
    papers = [
        anything,
        ("expired", _("Expired")),
        ("soon", _("Within 60 days")),
        ("due", _("Expired or within 60 days")),
    ]
    states = [
        ("open", pgettext("sites", "Open")),
        ("closed", pgettext("sites", "Closed")),
        ("all", pgettext("sites", "All")),
    ]
    return [
        Choice("kind", pgettext("a site", "Kind"), kinds, filters.kind),
        Choice("unit", _("Unit and all below it"), units, filters.unit),
        Choice("trade", _("Regulated for"), trades, filters.trade),
        Choice("papers", _("Papers"), papers, filters.papers),
        Choice("state", _("State"), states, filters.state),
    ]


def _units(user: User, now: datetime) -> list[Unit]:
    return units_in_reach(user, Power, now)[:300]


def _indented(unit: Unit) -> str:
    return "\u3000" * min(unit.depth, 4) + naming.name_of(unit)


def _active(filters: SiteFilters, choices: list[Choice]) -> list[str]:
    """Return the words of the filters that narrow the list."""
    quoted = [_("“%(words)s”") % {"words": filters.words}] if filters.words else []
    named = [
        dict(each.options).get(each.chosen, "").strip("\u3000")
        for each in choices
        if each.chosen and (each.name, each.chosen) != ("state", "open")
    ]
    return [*quoted, *named]
