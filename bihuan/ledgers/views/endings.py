"""Cases that an office's own ledger ended, for readers who may see them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases import kinds, queries
from bihuan.cases.models import EndedByLedger
from bihuan.core.numerals import whole
from bihuan.orgs import choices
from bihuan.orgs.http import SignedInRequest

SIZE = 50


@require_safe
def ended(request: SignedInRequest, batch: str) -> HttpResponse:
    """List the cases that one import ended though no one had worked on them here."""
    seen = queries.visible_to(request.user, timezone.now())
    found = EndedByLedger.objects.filter(batch=batch, case__in=seen.values("pk"))
    count = found.count()
    if not count:
        raise Http404
    start = min(whole(request.GET.get("from", "")) or 0, count - 1)
    start -= start % SIZE
    page = found.select_related("case__owner", "unit", "member").order_by("pk")
    rows = list(page[start : start + SIZE])
    context = {
        "import": rows[0],
        "unit_name": choices.name_of(rows[0].unit),
        "rows": [
            (
                row.case,
                choices.name_of(row.case.owner),
                kinds.stage_words(row.case.kind, row.case.stage),
            )
            for row in rows
        ],
        "count": count,
        "first": start + 1,
        "last": start + len(rows),
        "previous_url": f"?from={start - SIZE}" if start else "",
        "next_url": f"?from={start + SIZE}" if start + SIZE < count else "",
        "heading": _("Cases ended by an import"),
        "back_url": reverse("desk:today"),
        "back_label": _("Today"),
    }
    return render(request, "ledgers/ended.html", context)
