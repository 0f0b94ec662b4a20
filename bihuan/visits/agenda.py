"""Visits on Today: what is due for the officer's posts, and sites without a post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bihuan.core import visiting
from bihuan.core.deadlines import Due
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.sites.models import SitePaper
from bihuan.sites.queries import ADDERS
from bihuan.visits import operating, queries
from bihuan.visits.models import Binding
from bihuan.visits.submitted import PaperSubmission
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny

# Unbound sites are counted up to this number.
COUNTED = 200
# Of this many sites of an operator, the cases are listed on its first page.
SITES = 20


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Visits that are due soon or overdue, and how many sites are bound to no post."""
    if queries.own_posts(user, now):
        last = localdate(now) + visiting.AHEAD
        due = queries.mine(user, now).filter(due_date__lte=last).select_related("site")
        yield SectionIfAny(_due, (due.order_by("due_date", "pk")[: AT_MOST + 1],))
    if queries.binds_any(user, now):
        unbound = queries.unbound(user, now).order_by().values_list("pk")
        yield SectionIfAny(_unbound, (unbound[: COUNTED + 1],))
    if access.has_somewhere(user, ADDERS, localdate(now)):
        submitted = operating.waiting(user, now).order_by("pk")
        yield SectionIfAny(_submitted, (submitted[: AT_MOST + 1],))


def _due(rows: list[Binding]) -> AgendaSection:
    return AgendaSection.of(
        _("Visits to sites"), map(_item, rows), reverse("visits:mine"), is_checked=True, order=6
    )


def _item(binding: Binding) -> AgendaItem:
    site = binding.site
    return AgendaItem(
        title=site.name,
        url=site.get_absolute_url(),
        place=site.address,
        due=Due(binding.due_date),
        step_label=_("Record a visit"),
        step_url=reverse("visits:record", args=[binding.pk]),
        post=binding.post_id,
    )


def _unbound(found: list[object]) -> AgendaSection:
    """One line: the list has the sites."""
    count, url = len(found), reverse("visits:unbound")
    shown = min(count, COUNTED)
    text = ngettext("%(n)s site without a post", "%(n)s sites without a post", shown)
    more = "+" if count > COUNTED else ""
    item = AgendaItem(
        title=text % {"n": f"{shown}{more}"}, url=url, step_label=_("Bind"), step_url=url
    )
    return AgendaSection.of(_("Sites to bind"), [item], is_checked=True, order=8)


def _submitted(rows: list[PaperSubmission]) -> AgendaSection:
    """Papers of operators that wait for acceptance."""
    items = (
        AgendaItem(
            title=str(each),
            url=each.get_absolute_url(),
            place=each.site.name,
            step_label=_("Accept or refuse"),
            step_url=each.get_absolute_url(),
        )
        for each in rows
    )
    url = reverse("visits:submissions")
    return AgendaSection.of(_("Submitted papers"), items, url, is_checked=True, order=6)


# ------------------------------------------------------------- first page of an operator
def to_renew(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Papers that ran out or soon do; one tap opens the form of the new one."""
    rows = operating.to_renew(user, now)[: AT_MOST + 1]
    on = localdate(now)
    yield AgendaSection.of(_("Papers to renew"), (_renewal(each, on) for each in rows))


def _renewal(paper: SitePaper, on: date) -> AgendaItem:
    page = reverse("visits:operated-site", args=[paper.site_id])
    is_submitted: bool = paper.is_submitted  # type: ignore[attr-defined]
    form = reverse("visits:submit-paper", args=[paper.site_id])
    return AgendaItem(
        title=str(paper),
        url=page,
        place=paper.site.name,
        mark=pgettext("a paper", "Expired") if paper.has_expired(on) else "",
        note=_("Submitted, waiting for acceptance") if is_submitted else "",
        due=Due(paper.expires_date) if paper.expires_date else None,
        step_label="" if is_submitted else _("Submit the new paper"),
        step_url="" if is_submitted else f"{form}?renews={paper.pk}",
    )


def to_solve(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Open cases that the user's unit must solve, by site."""
    found = operating.operated_by(user, now).order_by("pk")[:SITES]
    cases = [(site, case) for site in found for case in operating.cases_of(site)[: AT_MOST + 1]]
    cases.sort(key=lambda each: (each[1].due_at is None, each[1].due_at, each[1].pk))
    items = (
        AgendaItem(
            title=case.title,
            url=reverse("visits:operated-site", args=[site.pk]),
            number=case.number,
            place=site.name,
            due=case.due,
        )
        for site, case in cases
    )
    yield AgendaSection.of(_("To be solved by your unit"), items)


def page_of_submission(key: str) -> str:
    """Return where an operator reads what became of a paper."""
    site = PaperSubmission.objects.values_list("site", flat=True).get(pk=key)
    return reverse("visits:operated-site", args=[site])
