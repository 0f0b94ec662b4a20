"""All major hazards of the officer's reach, with the next thing owed of each."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan.hazards import majors
from bihuan.orgs.http import SignedInRequest
from bihuan.web import paging


@require_safe
def register(request: SignedInRequest) -> HttpResponse:
    """List them, newest first: open ones, listed ones, those with work stopped, or closed ones."""
    now = timezone.now()
    state = request.GET.get("state", "open")
    if state not in majors.STATES:
        state = "open"
    found = majors.visible_to(request.user, now).filter(majors.STATES[state][1])
    page = paging.requested(request, found)
    language = get_language() or "zh"
    rows = [
        (row, row.next_name.in_language(language) if row.next_name else "")
        for row in map(majors.row, page.rows)
    ]
    context = {
        "rows": rows,
        "tabs": [
            (f"?state={name}", label, name == state) for name, (label, _q) in majors.STATES.items()
        ],
        "ledger_url": f"{reverse('desk:ledger')}?kind=hazard&grade=major",
        "is_filtered": state != "open",
        "now": now,
        **page.links(f"state={state}"),
    }
    return render(request, "hazards/majors.html", context)
