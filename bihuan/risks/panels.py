"""The section with risks on the page of a site."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from bihuan.core.risk import Colour, worst
from bihuan.orgs.models import User
from bihuan.risks import listing, shown, wording
from bihuan.risks.models import RiskPoint
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.sites.sections import Section

MOST = 10


def section(site: Site, user: User, now: datetime) -> Section | None:
    """Return the risks of the site, the highest level first, with the worst colour."""
    found = listing.worst_first(RiskPoint.objects.in_force().filter(site=site))
    rows = shown.rows(found.select_related("site__unit")[: MOST + 1], now)
    may_add = site.closed_at is None and sites.may_change(user, site, now)
    if not rows and not may_add:
        return None
    colour = worst(Colour(row.risk.colour) for row in rows)
    return Section(
        "risks/site_section.html",
        {
            "rows": rows[:MOST],
            "worst": colour,
            "worst_label": wording.COLOURS[colour] if colour else "",
            "add_url": reverse("risks:add", args=[site.pk]) if may_add else "",
            "more_url": f"{reverse('risks:risks')}?site={site.pk}" if len(rows) > MOST else "",
        },
    )
