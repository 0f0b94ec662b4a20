"""The register of inspections, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.cases.queries import seen_among
from bihuan.desk import workbook
from bihuan.files.views import workbook as as_download
from bihuan.inspections import exported, queries, shown, wording
from bihuan.inspections.listing import Filters
from bihuan.inspections.models import Inspection
from bihuan.inspections.views.found import crumbs, seen
from bihuan.orgs.access import is_operator
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.visits import operating
from bihuan.web import paging


@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List the inspections that the officer sees, newest first."""
    now, filters = timezone.now(), Filters.of(request.GET)
    page = paging.requested(request, filters.found(request.user, now))
    context = {
        "rows": [(row, wording.failed_words(row.failed_count)) for row in page.rows],
        "filters": filters,
        "stages": Inspection.Stage.choices,
        "kinds": Inspection.Kind.choices,
        "import_url": workbook.urls(request.user, localdate(now)).get("import_url", ""),
        "export_url": f"{reverse('inspections:export')}?{filters.query}",
        **page.links(filters.query),
    }
    return render(request, "inspections/register.html", context)


@require_safe
@never_cache
def export(request: SignedInRequest) -> FileResponse:
    """Return the list as a workbook."""
    filters, now = Filters.of(request.GET), timezone.now()
    content = exported.hand_out(filters, actor=request.user, now=now)
    return as_download(content, _("Inspections"))


@dataclass(frozen=True)
class Button:
    """What an officer may do now, as a link."""

    url: str
    label: str


@require_safe
@never_cache
def inspection(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one inspection: the next step, what failed, every answer."""
    now = timezone.now()
    found = seen(request, pk, now)
    own = queries.own_post(request.user, found, now)
    record = queries.record_of(found) if found.version else None
    context = {
        "inspection": found,
        "heading": found.site.name,
        "number": found.number,
        "inspectors": record.inspectors if record else queries.posts_of(found),
        "next_button": _next(found, record) if own else None,
        "may_abandon": queries.may_abandon(request.user, found, now),
        "sections": [each for each in shown.sections(record) if each.is_asked] if record else [],
        "failed": _failed(record) if record else [],
        "openable": _openable(record, request.user, now) if record else frozenset(),
        "unanswered": len(record.unanswered) if record else 0,
        "signatures": record.signatures if record else [],
        "score": wording.score_words(record.score) if record and found.done_at else "",
        "crumbs": crumbs(found)[:1],
        "site_url": operating.page_of(found.site, request.user, now),
        "is_operator": is_operator(request.user, localdate(now)),
    }
    return render(request, "inspections/inspection.html", context)


def _failed(record: queries.Record) -> list[tuple[str, object, object]]:
    return [
        (text, record.answers[key], record.settlements.get(key))
        for key, text in shown.named(record, record.failed)
    ]


def _openable(record: queries.Record, user: User, now: datetime) -> frozenset[str]:
    """Return the hazards from failed items whose pages the officer may open."""
    numbers = [row.case_number for row in record.settlements.values() if row.case_number]
    return seen_among(user, numbers, now)


def _next(found: Inspection, record: queries.Record | None) -> Button | None:
    """Return the next step of an inspector."""

    def link(name: str, label: str) -> Button:
        return Button(reverse(f"inspections:{name}", args=[found.pk]), label)

    if found.has_ended:
        return None
    if record is None:
        return link("start", _("Begin the inspection"))
    if record.unanswered or record.without_photo:
        return link("walk", _("Continue with the items"))
    if record.unsettled:
        return link("failed", _("Decide about failed items"))
    return link("end", _("End and sign"))
