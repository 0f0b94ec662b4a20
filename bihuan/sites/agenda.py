"""Where the frame of the pages leads to sites: Today and the search box."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan import formats
from bihuan.core.deadlines import Due
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.sites import codes, queries
from bihuan.sites.models import SiteEquipment, SitePaper
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny
from bihuan.web.finding import MOST, FoundPlace

# Papers are on Today from this long before they expire, checks of equipment shortly before.
PAPERS_AHEAD = timedelta(days=30)
CHECKS_AHEAD = timedelta(days=7)


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Papers that run out and equipment to be checked, for those who keep the register."""
    on = localdate(now)
    if not access.has_somewhere(user, {Power.COORDINATE}, on):
        return
    units = queries.kept_units(user, now)
    papers = queries.papers_to_renew(units, on + PAPERS_AHEAD)[: AT_MOST + 1]
    yield SectionIfAny(partial(_papers, on=on), (papers,))
    checks = queries.equipment_to_check(units, on + CHECKS_AHEAD)[: AT_MOST + 1]
    yield SectionIfAny(partial(_checks, on=on), (checks,))


def _papers(papers: list[SitePaper], on: date) -> AgendaSection:
    return AgendaSection.of(
        _("Papers of sites that run out"),
        (_paper(paper, on) for paper in papers),
        f"{reverse('sites:sites')}?papers=due",
        is_checked=True,
        order=7,
    )


def _checks(rows: list[SiteEquipment], on: date) -> AgendaSection:
    return AgendaSection.of(
        _("Equipment of sites to be checked"),
        (_check(row, on) for row in rows),
        reverse("sites:sites"),
        is_checked=True,
        order=7,
    )


def _paper(paper: SitePaper, on: date) -> AgendaItem:
    day = paper.expires_date
    assert day is not None
    return AgendaItem(
        title=f"{paper.site.name} · {paper}",
        url=paper.get_absolute_url(),
        unit=name_of(paper.site.unit),
        mark=pgettext("a paper", "Expired") if day < on else "",
        note=formats.day(day) if day < on else "",
        due=_due(day, on),
        step_label=_("Renew"),
        step_url=reverse("sites:renew-paper", args=[paper.site_id, paper.pk]),
        subject=paper.subject,
    )


def _check(row: SiteEquipment, on: date) -> AgendaItem:
    day = row.next_check_date
    assert day is not None
    return AgendaItem(
        title=f"{row.site.name} · {row.name}",
        url=row.site.get_absolute_url(),
        unit=name_of(row.site.unit),
        mark=_("Check due") if day <= on else "",
        note=formats.day(day) if day <= on else "",
        due=_due(day, on),
        step_label=_("Record the check"),
        step_url=reverse("sites:change-equipment", args=[row.site_id, row.pk]),
    )


def _due(day: date, on: date) -> Due | None:
    """Return a day to come. What ran out has none: thousands of old papers would hide overdue
    cases at the top of Today.
    """
    return Due(day) if day > on else None


def find(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Sites by their code, or by words of their name, address or operator."""
    code = codes.normal(words)
    found = queries.visible_to(user, now)
    named = found.filter(code=code) if len(code) == codes.LENGTH else found.none()
    sites = list(named) or list(queries.matching(user, words, now).order_by("-pk")[:MOST])
    for site in sites:
        yield FoundPlace(site.name, site.get_absolute_url(), "place", site.address)
