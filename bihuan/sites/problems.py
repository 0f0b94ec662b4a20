"""The cases at a site: open problems first, and those that were found there before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from bihuan.cases import kinds, queries
from bihuan.cases.models import Case
from bihuan.core import wordlike
from bihuan.core.deadlines import Due
from bihuan.orgs.models import User
from bihuan.sites.models import Site, SiteCase
from bihuan.web import subjects

# The most that the page of a site shows; the ledger has the others.
MOST = 60
# From this likeness on, a case of the same category is the same problem again.
ALIKE = 0.4


@dataclass
class Problem:
    """One case as a row of the site's page."""

    case: Case
    due: Due | None
    is_overdue: bool
    # The ended case at the same site that it repeats, or that this case was reopened.
    repeats: str = ""
    was_reopened: bool = False
    # The open case that repeats this ended one.
    repeated_by: str = ""

    @property
    def url(self) -> str:
        return subjects.url(f"case/{self.case.number}")

    @property
    def stage(self) -> str:
        return str(kinds.stage_words(self.case.kind, self.case.stage))

    @property
    def kind(self) -> str:
        return str(kinds.label(self.case.kind))


@dataclass(frozen=True)
class Problems:
    """What the officer sees of the cases at a site."""

    open: list[Problem]
    ended: list[Problem]
    has_more: bool = False

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(each.case.number for each in (*self.open, *self.ended))

    @property
    def overdue(self) -> int:
        return sum(each.is_overdue for each in self.open)


def at(site: Site, user: User, now: datetime) -> Problems:
    """Return the cases at a site that the officer sees, the open ones first and of them those
    that are due first; then the last ended.
    """
    linked = SiteCase.objects.filter(site=site, ended_at=None).values("case")
    seen = queries.visible_to(user, now).filter(pk__in=linked).select_related("owner")
    ended = F("ended_at").desc(nulls_first=True)
    cases = list(seen.order_by(ended, F("due_at").asc(nulls_last=True), "-pk")[: MOST + 1])
    shown = [_problem(case, now) for case in cases[:MOST]]
    found = Problems(
        [each for each in shown if each.case.ended_at is None],
        [each for each in shown if each.case.ended_at is not None],
        len(cases) > MOST,
    )
    _mark(found)
    return found


def _problem(case: Case, now: datetime) -> Problem:
    due = None if case.due_at is None else Due(case.due_at, case.is_due_provisional)
    overdue = case.ended_at is None and case.due_at is not None and case.due_at < now
    return Problem(case, due, overdue, was_reopened=case.round_at > case.reported_at)


def _mark(found: Problems) -> None:
    """Mark open problems that were ended at this site before, and those ended ones."""
    for problem in found.open:
        for earlier in found.ended:
            if _is_again(problem.case, earlier.case):
                problem.repeats = earlier.case.number
                earlier.repeated_by = earlier.repeated_by or problem.case.number
                break


def _is_again(case: Case, earlier: Case) -> bool:
    if earlier.ended_at is None or case.reported_at < earlier.ended_at:
        return False
    if case.kind != earlier.kind or earlier.duplicate_of_id == case.pk:
        return False
    same = bool(case.category) and case.category == earlier.category
    likeness = wordlike.likeness(case.title, earlier.title)
    return likeness >= (ALIKE if same else 2 * ALIKE)
