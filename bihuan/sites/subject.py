"""Names, links and visibility of sites and papers, for everything that leads to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from bihuan.core.numerals import whole
from bihuan.desk.hooks import Beginning
from bihuan.orgs.models import User
from bihuan.sites import queries
from bihuan.sites.models import Site, SitePaper
from bihuan.web.subjects import unseen


def site_url(key: str) -> str:
    return reverse("sites:site", args=[key])


def site_name(key: str) -> str:
    return Site.objects.get(pk=key).name


def begin_report(user: User, key: str, now: datetime) -> Beginning | None:
    """Return what a report of a problem at this site begins with: its unit, place and position."""
    if whole(key) is None:
        return None
    site = queries.visible_to(user, now).open().filter(pk=key).first()
    if site is None:
        return None
    place = f"{site.name} {site.address}".strip()[:200]
    initial = {
        "unit": site.unit_id,
        "place": place,
        "latitude": site.latitude,
        "longitude": site.longitude,
    }
    return Beginning(site.subject, site.name, site.get_absolute_url(), initial)


def paper_url(key: str) -> str:
    return SitePaper.objects.get(pk=key).get_absolute_url()


def paper_name(key: str) -> str:
    paper = SitePaper.objects.select_related("site").get(pk=key)
    return f"{paper.site.name} · {paper}"


def papers_hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(queries.papers_visible_to(user, now), keys)


def may_see_paper(user: User, key: str, now: datetime) -> bool:
    return not papers_hidden_from(user, [key], now)


def may_attach_to_paper(user: User, key: str, now: datetime) -> bool:
    if not may_see_paper(user, key, now):
        return False
    site = SitePaper.objects.select_related("site__unit").get(pk=key).site
    return queries.may_add(user, site, now)
