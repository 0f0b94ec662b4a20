"""Where the frame of the pages leads to sites: Today and the search box."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from bihuan.core.deadlines import Due
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.sites import codes, queries
from bihuan.sites.models import SiteEquipment, SitePaper
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection
from bihuan.web.finding import MOST, FoundPlace

# Papers are on Today from this long before they expire, checks of equipment shortly before.
PAPERS_AHEAD = timedelta(days=30)
CHECKS_AHEAD = timedelta(days=7)


def sections(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Papers that run out and equipment to be checked, for those who keep the register."""
    on = localdate(now)
    if not access.has_somewhere(user, {Power.COORDINATE}, on):
        return
    papers = queries.papers_to_renew(user, on + PAPERS_AHEAD, now)[: AT_MOST + 1]
    yield AgendaSection.of(
        _("Papers of sites that run out"),
        map(_paper, papers),
        f"{reverse('sites:sites')}?papers=soon",
        is_checked=True,
        order=7,
    )
    checks = queries.equipment_to_check(user, on + CHECKS_AHEAD, now)[: AT_MOST + 1]
    yield AgendaSection.of(
        _("Equipment of sites to be checked"),
        map(_check, checks),
        reverse("sites:sites"),
        is_checked=True,
        order=7,
    )


def _paper(paper: SitePaper) -> AgendaItem:
    assert paper.expires_date is not None
    return AgendaItem(
        title=f"{paper.site.name} · {paper}",
        url=paper.get_absolute_url(),
        unit=name_of(paper.site.unit),
        due=_due(paper.expires_date),
        step_label=_("Renew"),
        step_url=reverse("sites:renew-paper", args=[paper.site_id, paper.pk]),
        subject=paper.subject,
    )


def _check(row: SiteEquipment) -> AgendaItem:
    assert row.next_check_date is not None
    return AgendaItem(
        title=f"{row.site.name} · {row.name}",
        url=row.site.get_absolute_url(),
        unit=name_of(row.site.unit),
        due=_due(row.next_check_date),
        step_label=_("Record the check"),
        step_url=reverse("sites:change-equipment", args=[row.site_id, row.pk]),
    )


def _due(day: date) -> Due:
    """Return the end of the day."""
    return Due(datetime.combine(day, time(23, 59, 59), get_default_timezone()), False)


def find(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Sites by their code, or by words of their name, address or operator."""
    code = codes.normal(words)
    found = queries.visible_to(user, now)
    named = found.filter(code=code) if len(code) == codes.LENGTH else found.none()
    sites = list(named) or list(queries.matching(user, words, now).order_by("-pk")[:MOST])
    for site in sites:
        yield FoundPlace(site.name, site.get_absolute_url(), "place", site.address)
