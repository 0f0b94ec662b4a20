"""The section with duties on the page of a site."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.duties import queries
from bihuan.orgs.choices import holders
from bihuan.orgs.models import User
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.sites.sections import Section


def section(site: Site, user: User, now: datetime) -> Section | None:
    """Return who answers for the site, what is not signed, and which duties are lacking."""
    on = localdate(now)
    rows = list(queries.of_site(site, on).select_related("post__unit").order_by("kind", "pk"))
    may_change = site.closed_at is None and sites.may_change(user, site, now)
    if not rows and not may_change:
        return None
    held = holders([duty.post_id for duty in rows], on)
    add = reverse("duties:add", args=[site.pk])
    there = {duty.kind for duty in rows}
    lacking = [kind for kind in queries.needed_by(site) if kind.key not in there]
    return Section(
        "duties/site_section.html",
        {
            "rows": [(duty, held.get(duty.post_id, "")) for duty in rows],
            "lacking": [(kind, f"{add}?kind={kind.key}" if may_change else "") for kind in lacking],
            "add_url": add if may_change else "",
            "copy_url": reverse("duties:copy", args=[site.pk]) if may_change and rows else "",
        },
    )
