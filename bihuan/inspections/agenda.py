"""Inspections that wait for an officer: on Today, in the search box, and on the page of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.inspections import listing, queries, wording
from bihuan.inspections.models import Inspection
from bihuan.orgs.choices import name_of
from bihuan.orgs.models import User
from bihuan.sites.models import Site
from bihuan.sites.sections import Button, Section
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny
from bihuan.web.finding import MOST, FoundPlace

LATEST = 5


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Return what the officer's posts have begun or are to inspect."""
    yield SectionIfAny(_open, (queries.open_of(user, now)[: AT_MOST + 1],))


def _open(rows: list[Inspection]) -> AgendaSection:
    register = reverse("inspections:inspections")
    return AgendaSection.of(_("Inspections"), map(_item, rows), register, is_checked=True)


def _item(row: Inspection) -> AgendaItem:
    has_begun = row.stage == Inspection.Stage.BEGUN
    due = formats.day(row.due_date) if row.due_date else ""
    return AgendaItem(
        title=row.site.name,
        url=row.get_absolute_url(),
        number=row.number,
        place=row.site.address,
        unit=name_of(row.unit),
        note=_("planned until %(day)s") % {"day": due} if due else "",
        step_label=_("Continue with the items") if has_begun else _("Begin the inspection"),
        step_url=reverse(f"inspections:{'walk' if has_begun else 'start'}", args=[row.pk]),
        subject=row.subject,
    )


def find(user: User, words: str, now: datetime) -> Iterable[FoundPlace]:
    """Return the inspection with this number."""
    number = listing.number_in(words)
    if number is None:
        return []
    rows = queries.visible_to(user, now).filter(pk=number)[:MOST]
    return [FoundPlace(row.number, row.get_absolute_url(), "check", row.site.name) for row in rows]


def at_site(site: Site, user: User, now: datetime) -> Section | None:
    """Return the last inspections of a site, and how to begin one."""
    rows = list(queries.of_site(site, user, now)[: LATEST + 1])
    may_begin = site.closed_at is None and bool(queries.units_for(user, now))
    if not rows and not may_begin:
        return None
    return Section(
        "inspections/of_site.html",
        {
            "rows": [(row, wording.failed_words(row.failed_count)) for row in rows[:LATEST]],
            "more_url": f"{reverse('inspections:inspections')}?site={site.pk}"
            if len(rows) > LATEST
            else "",
        },
    )


def button(site: Site, user: User, now: datetime) -> Button | None:
    if site.closed_at is not None or not queries.units_for(user, now):
        return None
    url = reverse("inspections:begin", args=[site.pk])
    return Button(_("Begin an inspection"), url, "check")
