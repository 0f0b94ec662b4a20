"""The list of transfer letters that the officer's units sent and received."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core.deadlines import Due
from bihuan.orgs.http import SignedInRequest
from bihuan.transfers import listing, queries
from bihuan.transfers.listing import Filters
from bihuan.web import paging


@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List the letters, newest first."""
    now = timezone.now()
    filters = Filters.of(request.GET.dict())
    page = paging.requested(request, listing.found(request.user, filters, now))
    context = {
        "rows": [(row, _due(row)) for row in page.rows],
        "filters": filters,
        "tabs": [
            (filters.but(side=side), label, side == filters.side)
            for side, label in (
                ("", pgettext("transfer letters", "All")),
                ("sent", pgettext("transfer letters", "Sent")),
                ("received", pgettext("transfer letters", "Received")),
            )
        ],
        "states": _states(),
        "units": queries.unit_filter(request.user, now),
        "now": now,
        **page.links(filters.query),
    }
    return render(request, "transfers/letters.html", context)


def _due(row: object) -> Due | None:
    """Return until when the answer is owed; the list was loaded with it."""
    due_at = getattr(row, "due_at", None)
    return Due(due_at, bool(getattr(row, "is_provisional", False))) if due_at else None


def _states() -> list[tuple[str, str]]:
    return [
        ("open", pgettext("transfer letters", "Open")),
        ("overdue", _("Answer overdue")),
        ("answered", pgettext("transfer letter", "Answered")),
        ("withdrawn", pgettext("transfer letter", "Withdrawn")),
        ("all", pgettext("transfer letters", "All")),
    ]
