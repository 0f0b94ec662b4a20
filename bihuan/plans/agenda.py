"""Where the frame of the pages leads to plans: Today, search, and the page of a site."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bihuan.clocks.queries import latest_of
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.plans import queries, wording
from bihuan.plans.models import Draw, Plan, Planned, Review, Round
from bihuan.sites.models import Site
from bihuan.sites.sections import Section
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny
from bihuan.web.finding import MOST, FoundPlace
from bihuan.web.subjects import SubjectType, unseen

SHOWN = 5


# ----------------------------------------------------------------------- Today
def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Return inspections, self-checks and looks back that wait for the officer, overdue first."""
    due, own = gettext_lazy("Inspections that are due"), gettext_lazy("Self-checks that are due")
    yield SectionIfAny(partial(_planned, due), (queries.waiting_for(user, now)[: AT_MOST + 1],))
    yield SectionIfAny(partial(_planned, own), (queries.self_checks_for(user, now)[: AT_MOST + 1],))
    yield SectionIfAny(_reviews, (queries.reviews_for(user, now)[: AT_MOST + 1],))


def _planned(title: str | Promise, rows: list[Planned]) -> AgendaSection:
    dues = latest_of({row.round.subject for row in rows})
    items = [_item(row, dues) for row in rows]
    return AgendaSection.of(title, items, reverse("plans:plans"), is_checked=True)


def _reviews(rows: list[Review]) -> AgendaSection:
    dues = latest_of({row.round.subject for row in rows})
    looks = [_review(row, dues) for row in rows]
    title = gettext_lazy("Closed cases to look back at")
    return AgendaSection.of(title, looks, reverse("plans:draws"), is_checked=True)


def self_checks(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the self-checks that wait for a user of an operator."""
    own = list(queries.self_checks_for(user, now)[: AT_MOST + 1])
    dues = latest_of({row.round.subject for row in own})
    title = gettext_lazy("Self-checks that are due")
    yield AgendaSection.of(title, [_item(row, dues) for row in own], is_checked=True)


def _item(row: Planned, dues: Any) -> AgendaItem:
    begun = row.state == Planned.State.BEGUN
    begin = reverse("plans:begin-planned", args=[row.pk])
    return AgendaItem(
        title=row.site.name,
        url=row.inspection.get_absolute_url() if begun and row.inspection else begin,
        place=row.site.address,
        unit=name_of(row.site.unit),
        note=row.round.title,
        mark=pgettext_lazy("planned inspection", "Missed") if row.missed_at else "",
        due=dues[row.round.subject].due if row.round.subject in dues else None,
        step_label=pgettext("inspection", "Continue") if begun else pgettext("inspection", "Begin"),
        step_url=row.inspection.get_absolute_url() if begun and row.inspection else begin,
        subject=row.subject,
    )


def _review(row: Review, dues: Any) -> AgendaItem:
    return AgendaItem(
        title=row.case_number,
        url=reverse("plans:judge", args=[row.pk]),
        unit="",
        note=row.round.title,
        mark=pgettext_lazy("planned inspection", "Missed") if row.missed_at else "",
        due=dues[row.round.subject].due if row.round.subject in dues else None,
        step_label=pgettext("button", "Look back"),
        step_url=reverse("plans:judge", args=[row.pk]),
        subject=row.subject,
    )


# ---------------------------------------------------------------- page of a site
def at_site(site: Site, user: User, now: datetime) -> Section | None:
    """Return what is planned at the site, as far as the officer may know it."""
    found = queries.planned_seen_by(user, now).filter(site=site).prefetch_related("posts")
    rows = list(found.order_by("-pk")[:SHOWN])
    open_to = queries.rounds_seen_by(user, now).filter(pk__in={row.round_id for row in rows})
    linked = set(open_to.values_list("pk", flat=True)) if rows else set()
    shown = [(row, row.round_id in linked, queries.begins(user, row, now)) for row in rows]
    return Section("plans/at_site.html", {"rows": shown}) if shown else None


# ------------------------------------------------------------- search and subjects
def find(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Plans by their title."""
    found = queries.plans_seen_by(user, now).filter(title__icontains=words)
    for plan in found.order_by("-pk")[:MOST]:
        yield FoundPlace(plan.title, plan.get_absolute_url(), "list", name_of(plan.unit))


def _type(
    model: Any,
    seen: Callable[[User, datetime], QuerySet[Any, Any]],
    name: Callable[[Any], str],
    url: Callable[[Any], str],
) -> SubjectType:
    """Return the type of subjects that are rows of one table."""

    def hidden(user: User, keys: Collection[str], now: datetime) -> set[str]:
        return unseen(seen(user, now), keys)

    def may_see(user: User, key: str, now: datetime) -> bool:
        return not hidden(user, [key], now)

    def row(key: str) -> Any:
        return model.objects.get(pk=key)

    return SubjectType(
        lambda key: url(row(key)), lambda key: name(row(key)), hidden, may_see, wording.ACTS
    )


def _own_url(row: Any) -> str:
    return str(row.get_absolute_url())


def _of_round(row: Any) -> str:
    return str(row.round.get_absolute_url())


PLAN = _type(Plan, queries.plans_seen_by, str, _own_url)
ROUND = _type(Round, queries.rounds_seen_by, str, _own_url)
DRAW = _type(Draw, queries.draws_seen_by, str, _own_url)
PLANNED = _type(Planned, queries.planned_seen_by, lambda row: str(row.site), _of_round)
REVIEW = _type(Review, queries.reviews_seen_by, lambda row: str(row.case_number), _of_round)
