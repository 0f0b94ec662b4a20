"""The major hazards of an officer's reach: where each is in the chain, and what is owed next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases import queries as cases
from bihuan.cases.models import Case, clocks_of
from bihuan.clocks.models import Clock
from bihuan.core import rules
from bihuan.core.deadlines import Due
from bihuan.core.hazard import ANSWER, HAZARD, UPWARD, Grade, Move, Stage
from bihuan.core.powers import Power
from bihuan.core.rules import Bilingual
from bihuan.hazards import chain, quarterly
from bihuan.hazards.models import Listing, Order
from bihuan.orgs.models import Unit, User
from bihuan.orgs.naming import name_of
from bihuan.orgs.queries import in_reach
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny

Cases = QuerySet[Case, Case]
SOON = timedelta(days=3)
LEADERS = frozenset({Power.APPROVE, Power.SUPERVISE})
STATES: Mapping[str, tuple[Promise, Q]] = {
    "open": (_("Open"), Q(ended_at=None)),
    "listed": (_("Listed for supervision"), Q(ended_at=None, hazard__listed_by__isnull=False)),
    "stopped": (_("Work stopped"), Q(ended_at=None, hazard__stopped_at__isnull=False)),
    "ended": (_("Closed"), Q(ended_at__isnull=False)),
}


def visible_to(user: User, now: datetime) -> Cases:
    """Return the major hazards that the officer may see, with what the page says of each."""
    found = cases.visible_to(user, now).filter(kind=HAZARD.kind, hazard__grade=Grade.MAJOR.value)
    first = clocks_of().filter(stopped_at=None).order_by("due_at", "pk")
    named = {
        "next_rule": Subquery(first.values("rule_id")[:1]),
        "next_version": Subquery(first.values("rule_version")[:1]),
        "next_due": Subquery(first.values("due_at")[:1]),
        "is_next_provisional": Subquery(first.values("is_provisional")[:1]),
    }
    loaded = found.select_related("hazard__listed_by", "owner")
    return loaded.annotate(**chain.ANNOTATIONS, **named)


@dataclass(frozen=True)
class Row:
    """A major hazard on the page."""

    case: Case
    step: Promise | str
    next_name: Bilingual | None
    next_due: Due | None


def row(case: Any) -> Row:
    """Return what the page says of a case of `visible_to`."""
    if case.next_rule is None:
        return Row(case, step(case), None, None)
    name = rules.pinned(case.next_rule, case.next_version).name
    return Row(case, step(case), name, Due(case.next_due, bool(case.is_next_provisional)))


def owed_next(case: Any) -> Promise | str:
    """Say what must come before the closure of a verified hazard; empty if nothing does."""
    is_open = case.ended_at is None and case.stage == Stage.VERIFIED
    is_free = case.listing_by is None or case.site_reviewed_by is not None
    if not is_open or (is_free and case.hazard.stopped_at is None):
        return ""
    return step(case)


def step(case: Any) -> Promise | str:
    """Say where the hazard is in the chain, by what is still owed."""
    if case.ended_at is not None or case.stage != Stage.VERIFIED:
        if case.ended_at is None and case.listing_by is not None and not case.has_remedy_plan:
            return _("A plan of rectification is owed")
        return kinds.stage_words(case.kind, case.stage)
    if case.hazard.stopped_at is not None:
        return _("The stop-work order is to be lifted")
    if case.listing_by is None or case.site_reviewed_by is not None:
        return _("To be closed")
    if case.removal_by is not None:
        return _("The site is to be reviewed")
    return _("To be taken off the list") if case.is_accepted else _("To be accepted by a team")


# ------------------------------------------------------------------------ Today
def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """What the chains of major hazards owe: to the level that listed them, and by the owners."""
    leading = in_reach(user, LEADERS, now)
    asked = _listings(leading).filter(asked_date__isnull=False).exclude(asked_by=user)
    stopped = Order.objects.filter(leading, kind=Order.Kind.STOP_WORK.value, lifted_at=None)
    checked = stopped.filter(is_complied=True, case__ended_at=None).exclude(checked_by=user)
    orders = checked.select_related("case__owner").order_by("pk")
    removed = _listings(in_reach(user, {Power.VERIFY, *LEADERS}, now))
    reviews = removed.filter(removal_at__isnull=False, reviewed_at=None).exclude(removal_by=user)
    questions = (each[: AT_MOST + 1] for each in (asked, orders, reviews))
    yield SectionIfAny(_steps, (*questions, _running(user, now)[: 2 * AT_MOST + 1]))


def reports(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """The quarterly reports that the officer has to sign."""
    quarter = quarterly.last_quarter(now)
    due = quarterly.due(quarter, now)
    yield SectionIfAny(partial(_to_sign, due=due), (quarterly.missing(user, now),))


def _to_sign(units: list[Unit], due: Due) -> AgendaSection:
    url = reverse("hazards:majors-reports")
    items = (AgendaItem(title=name_of(unit), url=url, due=due) for unit in units)
    return AgendaSection.of(_("Quarterly reports to sign"), items, url, is_checked=True)


def _steps(
    asked: list[Listing], orders: list[Order], reviews: list[Listing], running: list[Clock]
) -> AgendaSection:
    items = [
        *(_item(row.case, Move.DECIDE_MORE_TIME, _("Decide on the deadline")) for row in asked),
        *(_item(row.case, Move.RESUME_WORK, _("Lift the order")) for row in orders),
        *(_item(row.case, Move.REVIEW_SITE, _("Review the site")) for row in reviews),
        *(_owed(running) if running else ()),
    ]
    return AgendaSection.of(
        _("Major hazards: next steps"), items, reverse("hazards:majors"), order=4
    )


def _listings(reach: Q) -> QuerySet[Listing, Listing]:
    rows = Listing.objects.filter(reach, ended_at=None, case__ended_at=None)
    return rows.select_related("case__owner").order_by("pk")


OWED: Mapping[str, tuple[Move, Promise, frozenset[Power]]] = {
    UPWARD: (Move.REPORT_UP, _("Report to the level above"), frozenset({Power.COORDINATE})),
    ANSWER: (
        Move.ANSWER_LISTING,
        _("Answer the listing"),
        frozenset({Power.HANDLE, Power.COORDINATE}),
    ),
}


def _running(user: User, now: datetime) -> QuerySet[Clock, Clock]:
    """Return the clocks of answers and reports that the officer's units owe within days."""
    own = Q(pk__in=())
    for rule, (_move, _words, powers) in OWED.items():
        own |= in_reach(user, powers, now) & Q(rule_id=rule)
    rows = Clock.objects.filter(own, stopped_at=None, due_at__lte=now + SOON)
    return rows.order_by("due_at", "pk")


def _owed(running: list[Clock]) -> Iterator[AgendaItem]:
    numbers = {each.subject.partition("/")[2] for each in running}
    found = Case.objects.filter(number__in=numbers, ended_at=None).select_related("owner")
    cases = {case.subject: case for case in found}
    for rule, (move, words, _powers) in OWED.items():
        for each in running:
            if each.rule_id == rule and each.subject in cases:
                yield _item(cases[each.subject], move, words, each.due)


def _item(case: Case, move: Move, words: Promise | str, due: Due | None = None) -> AgendaItem:
    return AgendaItem(
        title=case.title,
        url=case.get_absolute_url(),
        number=case.number,
        place=case.place,
        unit=name_of(case.owner),
        due=due,
        step_label=words,
        step_url=reverse("desk:move", args=[case.number, move.value]),
        subject=case.subject,
    )
