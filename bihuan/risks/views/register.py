"""The register of risks (风险库): a list with filters, to print, to export, and counted by unit."""

from __future__ import annotations

from collections import Counter
from tempfile import TemporaryFile

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core.powers import Power
from bihuan.desk import workbook
from bihuan.files.views import workbook as as_download
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.queries import units_acted_in
from bihuan.risks import exported, listing, queries, shown, wording
from bihuan.risks.listing import Filters
from bihuan.sites import catalogue
from bihuan.web import paging

MOST_PRINTED = 500


@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List the risks that the officer sees, newest first."""
    now = timezone.now()
    filters = Filters.of(request.GET.dict())
    found = listing.found(request.user, filters, now).select_related("site__unit")
    page = paging.requested(request, found)
    context = {
        "rows": shown.rows(page.rows, now),
        "filters": filters,
        "tabs": _tabs(filters),
        "kinds": catalogue.choices(catalogue.kinds()),
        "units": units_acted_in(request.user, Power, now),
        "checks": _checks(),
        "states": _states(),
        "import_url": workbook.urls(request.user, localdate(now)).get("import_url", ""),
        **page.links(filters.query),
    }
    return render(request, "risks/register.html", context)


def _tabs(filters: Filters) -> list[tuple[str, object, str, bool]]:
    colours = [("", pgettext("colour", "All")), *wording.COLOURS.items()]
    return [
        (filters.but(colour=colour), label, colour, colour == filters.colour)
        for colour, label in colours
    ]


def _checks() -> list[tuple[str, str]]:
    return [
        ("mine", _("Checked by my posts")),
        ("overdue", _("Check overdue")),
        ("none", _("Not checked by any post")),
    ]


def _states() -> list[tuple[str, str]]:
    return [
        ("in_force", pgettext("stage of a risk", "In force")),
        ("retired", pgettext("stage of a risk", "Retired")),
        ("all", pgettext("stage of a risk", "All")),
    ]


@require_safe
@never_cache
def sheet(request: SignedInRequest) -> HttpResponse:
    """Show what the filters select as one table to print, the highest level first."""
    now = timezone.now()
    filters = Filters.of(request.GET.dict())
    found = listing.worst_first(listing.found(request.user, filters, now))
    risks = list(found.select_related("site__unit")[: MOST_PRINTED + 1])
    context = {
        "rows": shown.printed(risks[:MOST_PRINTED]),
        "is_cut": len(risks) > MOST_PRINTED,
        "most": MOST_PRINTED,
        "filters": filters,
        "now": now,
    }
    return render(request, "risks/sheet.html", context)


@require_safe
@never_cache
def export(request: SignedInRequest) -> HttpResponseBase:
    """Download what the filters select as a workbook that can be imported again."""
    now = timezone.now()
    filters = Filters.of(request.GET.dict())
    found = listing.found(request.user, filters, now)
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    exported.hand_out(out, risks=found, asked=filters.asked, actor=request.user, now=now)
    out.seek(0)
    return as_download(out, _("risks %(day)s") % {"day": localdate(now).isoformat()})


@require_safe
@never_cache
def by_unit(request: SignedInRequest) -> HttpResponse:
    """Count the risks in force by unit in charge and colour; each number opens its risks."""
    now = timezone.now()
    counted = queries.counted(request.user, now)
    top = min((unit.depth for unit, _colours in counted), default=0)
    context = {
        "heading": _("Risks by unit"),
        "rows": [
            ("\u3000" * (unit.depth - top), unit, *_numbers(unit.pk, colours))
            for unit, colours in counted
        ],
        "colours": wording.COLOURS.items(),
        "crumbs": [(_("Risks"), reverse("risks:risks"))],
    }
    return render(request, "risks/by_unit.html", context)


def _numbers(unit: int, colours: Counter[str]) -> tuple[list[tuple[int, str]], int]:
    base = reverse("risks:risks")
    cells = [(colours[colour], f"{base}?colour={colour}&unit={unit}") for colour in wording.COLOURS]
    return cells, colours.total()
