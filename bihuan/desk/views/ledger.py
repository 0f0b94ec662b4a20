"""The ledger: one dense table of all cases, with its filters in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bihuan.cases import kinds
from bihuan.cases.queries import prepared
from bihuan.core.powers import Power
from bihuan.desk import batching, listing, pages, workbook
from bihuan.desk.forms import SavedViewForm
from bihuan.desk.listing import Filters
from bihuan.desk.views import after_act, filtered
from bihuan.desk.views.filtered import TOOLBAR
from bihuan.desk.views.heads import heads
from bihuan.desk.views.lines import Lines, columns
from bihuan.desk.views.panel import page_or_panel
from bihuan.desk.way_back import LEDGER, Row
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.queries import units_acted_in

PARAMETERS = (
    "q", "state", "kind", "stage", "unit", "alone", "category", "due", "due-from", "due-to", "mine",
    "entered", "from", "to", "numbers", "sort", "cols", "export",
)  # fmt: skip
# Parameters of the ledger's appearance, not of its content.
LOOK = ("sort", "cols", "export")
View = tuple[Any, str]
FIRST: tuple[View, ...] = (
    (_("Open"), ""),
    (_("My work"), "mine=1"),
    (_("My reports"), "entered=1&state=all"),
    (_("Overdue"), "due=late"),
)
LAST: tuple[View, ...] = (
    (_("Unverified, imported"), f"state={listing.UNVERIFIED}"),
    (_("All"), "state=all"),
)


@require_safe
def ledger(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    requested = parameters_in(request)
    filters = Filters.of(requested)
    page = listing.page(
        request.user,
        filters,
        now,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    here = _address(request.GET.dict())
    back = here[1:] or LEDGER
    writer = Lines(filters, now, back=back)
    rows = (Row(row.number, reverse("desk:case", args=[row.number])) for row in page.rows)
    context = {
        "after_act": after_act.take(request, back, rows),
        "lines": writer.written(page.rows),
        "page": page,
        "filters": filters,
        "heads": heads(requested, filters),
        "tabs": _tabs(request, requested),
        "active": (active := filtered.active(filters)),
        "chips": filtered.chips(requested, filters, active),
        "kept": [(name, requested[name]) for name in requested if name not in _toolbar()],
        "kinds": kinds.choices(),
        "stages": (stages := _stages(filters.kind)),
        "stage": _chosen(stages, filters.stage),
        **_of_kinds(filters),
        "previous_url": _address({**requested, "before": page.before}) if page.before else "",
        "next_url": _address({**requested, "after": page.after}) if page.after else "",
        "query": urlencode(requested),
        "save_form": SavedViewForm(initial={"query": urlencode(requested)}, auto_id="id_view_%s"),
        "acts": batching.offered(request.user, now),
        **workbook.urls(request.user, localdate(now)),
        "now": now,
    }
    return render(request, "desk/ledger.html", context)


@require_safe
def filters(request: SignedInRequest) -> HttpResponse:
    """Show the less common filters and the choice of columns: a page, or a panel of the ledger."""
    now = timezone.now()
    requested = parameters_in(request)
    chosen = Filters.of(requested)
    context = {
        "filters": chosen,
        "kept": [
            (name, requested[name]) for name in (*_toolbar(), "sort", "export") if name in requested
        ],
        "units": units_acted_in(request.user, Power, now),
        "categories": [each for kind in kinds.every() for each in kind.categories],
        "columns": [(name, label, name in chosen.columns) for name, label in columns().items()],
        "heading": _("Filters and columns"),
    }
    return page_or_panel(request, "desk/filters.html", "desk/filters_form.html", context)


@require_safe
def count(request: SignedInRequest) -> HttpResponse:
    """Count what the filters select, up to a limit: a part of the ledger that arrives after it, so
    that the ledger itself stays as quick as its rows.
    """
    requested = parameters_in(request)
    found = listing.count(request.user, Filters.of(requested), timezone.now())
    context = {
        "heading": _("Number of results"),
        "n": min(found, listing.MOST_COUNTED),
        "is_more": found > listing.MOST_COUNTED,
        "back_url": reverse("desk:ledger") + _address(requested),
        "back_label": _("Ledger"),
    }
    return page_or_panel(request, "desk/count.html", "desk/count_part.html", context)


def parameters_in(request: HttpRequest) -> dict[str, str]:
    """Return what the URL requests, without empty or unknown values."""
    known = (*PARAMETERS, *pages.ledger_filters())
    requested = {name: request.GET[name] for name in known if request.GET.get(name)}
    columns = request.GET.getlist("cols")
    return {**requested, "cols": ",".join(columns)} if any(columns) else requested


def _of_kinds(filters: Filters) -> dict[str, object]:
    """Return the filters of some kinds only."""
    choices = pages.ledger_filters().items()
    return {"own_filters": [(each, filters.chosen(name)) for name, each in choices]}


def _toolbar() -> tuple[str, ...]:
    return (*TOOLBAR, *pages.ledger_filters())


def _address(requested: Mapping[str, str]) -> str:
    return "?" + urlencode(requested) if requested else ""


@dataclass(frozen=True)
class Tab:
    """A view of the ledger that one click opens."""

    label: Any
    url: str
    current: bool


def _tabs(request: SignedInRequest, requested: Mapping[str, str]) -> list[Tab]:
    base = reverse("desk:ledger")
    here = {name: value for name, value in requested.items() if name not in LOOK}
    of_kinds = [view for page in pages.every() for view in page.views]
    views = [*FIRST, *of_kinds, *LAST, *prepared.saved_views(request.user.pk)]
    # A saved view may show the same as one of the others.
    lit = [n for n, (_label, query) in enumerate(views) if _same(query, here, requested)][-1:]
    return [
        Tab(label, f"{base}?{query}" if query else base, n in lit)
        for n, (label, query) in enumerate(views)
    ]


def _same(query: str, here: Mapping[str, str], requested: Mapping[str, str]) -> bool:
    named = dict(parse_qsl(query))
    return named in (here, requested)


@dataclass(frozen=True)
class StagesOfKind:
    """The stages of a kind, offered while this kind or none is chosen."""

    kind: str
    label: str
    is_selectable: bool
    stages: list[tuple[str, kinds.Words]]


def _stages(chosen: str) -> list[StagesOfKind]:
    return [
        StagesOfKind(
            kind.name,
            str(kind.wording.label),
            chosen in ("", kind.name),
            [(f"{kind.name}.{stage}", kind.wording.stages[stage]) for stage in kind.wording.stages],
        )
        for kind in kinds.every()
    ]


def _chosen(stages: list[StagesOfKind], stage: str) -> str:
    """Return the choice for a stage, the first one if several kinds have it."""
    values = (value for each in stages if each.is_selectable for value, _label in each.stages)
    return next((value for value in values if value.rpartition(".")[2] == stage), "")
