"""The site's own sections of its page: papers and equipment."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.orgs.models import User
from bihuan.sites import catalogue, queries
from bihuan.sites.listing import SOON
from bihuan.sites.models import Site, SitePaper
from bihuan.sites.sections import Section


def papers(site: Site, user: User, now: datetime) -> Section:
    """The papers that hold, and the usual ones that are not on record."""
    on, may_add = localdate(now), _may_add(site, user, now)
    rows = list(queries.papers_of(site))
    held = {paper.kind for paper in rows}
    base = reverse("sites:add-paper", args=[site.pk])
    missing = [
        (str(catalogue.paper_kind(key)), f"{base}?kind={key}" if may_add else "")
        for key in site.site_kind.papers
        if key not in held
    ]

    def tone(paper: SitePaper) -> str:
        if paper.expires_date is None or paper.expires_date > on + SOON:
            return ""
        return "bad" if paper.expires_date < on else "warn"

    context = {"rows": [(paper, tone(paper)) for paper in rows], "missing": missing}
    return Section("sites/papers.html", {**context, "site": site, "may_add": may_add})


def equipment(site: Site, user: User, now: datetime) -> Section | None:
    """The equipment, for facilities also where there is none."""
    on, may_add = localdate(now), _may_add(site, user, now)
    rows = [
        (row, row.next_check_date is not None and row.next_check_date <= on)
        for row in queries.equipment_of(site)
    ]
    if not rows and not may_add and not site.site_kind.is_facility:
        return None
    return Section("sites/equipment.html", {"rows": rows, "site": site, "may_add": may_add})


def _may_add(site: Site, user: User, now: datetime) -> bool:
    return site.closed_at is None and queries.may_add(user, site, now)
