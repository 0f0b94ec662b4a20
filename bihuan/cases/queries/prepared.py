"""The questions that every page and every move asks of cases, put together once.

No other module of this app uses `store.prepared` (docs/decisions/0150).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from django.db.models import OuterRef, QuerySet, Subquery

from bihuan.cases import kinds
from bihuan.cases.models import (
    Assist,
    Case,
    CaseQuerySet,
    Contest,
    Evidence,
    Exclusion,
    Extension,
    Participation,
    SavedView,
)
from bihuan.orgs.models import Tenure, Unit
from bihuan.store import prepared as store
from bihuan.store.prepared import QueryCache, prepared

AT_MOST = 50  # sub-cases on a page
# What the rules need of the rows that a case refers to.
_NAMED = ("owner", "origin", "sender", "bound", "post__unit")

Value: TypeAlias = store.Value
Participated: TypeAlias = tuple[
    int, str, str, str, str | None, str | None, date | None, date | None
]
padded = store.padded
# Questions whose shape depends on what is asked, kept by that.
BESIDE = QueryCache(1_000)  # by an officer's posts
WITHIN = QueryCache(1_000)  # the units under one
LISTS = QueryCache(1_000)  # by the filters of a ledger
AGENDAS = QueryCache(500)  # by the question and the shape of an officer's posts


def named() -> tuple[str, ...]:
    return (*_NAMED, *kinds.related())


def numbered(number: str) -> CaseQuerySet:
    """Return the case with this number, with its facts and the units that rules and pages need."""
    cases = Case.objects.with_facts().with_beside()
    return cases.select_related(*named(), "parent", "duplicate_of").filter(number=number)


@prepared
def case_numbered(number: str) -> QuerySet[Case]:
    return numbered(number)


@prepared
def as_it_stands(case: int) -> QuerySet[Case]:
    """The case with its facts and all that a move asks of its units."""
    return Case.objects.with_facts().select_related(*named()).filter(pk=case)


@prepared
def exclusions(case: int) -> QuerySet[Exclusion, tuple[int | None, int | None, datetime | None]]:
    rows = Exclusion.objects.filter(case=case)
    return rows.values_list("unit_id", "member_id", "since_at")


@prepared
def assists(case: int) -> QuerySet[Assist]:
    return Assist.objects.filter(case=case, ended_at=None).select_related("unit")


@prepared
def participations(case: int) -> QuerySet[Participation, Participated]:
    """The participations, each once for every post that the person holds or held."""
    return Participation.objects.filter(case=case).values_list(
        "member_id",
        "unit__path",
        "side",
        "unit__kind",
        "member__tenures__post__unit__path",
        "member__tenures__post__unit__kind",
        "member__tenures__start_date",
        "member__tenures__end_date",
    )


# ------------------------------------------------------------------ the case page
@prepared
def case_of_page(number: str, on: date) -> QuerySet[Case]:
    """The case with its pending requests and the holder of its post on that day."""
    here = OuterRef("pk")
    asked = Extension.objects.filter(case=here, granted=None)
    contest = Contest.objects.filter(case=here, upheld=None)
    held = Tenure.objects.in_force(on).filter(post=OuterRef("post"))
    lent = Tenure.with_stand_ins.acting(on).filter(post=OuterRef("post"))
    lent = lent.filter(holder_tenure__isnull=False)
    return numbered(number).annotate(
        holder=Subquery(held.values("member__name")[:1]),
        holder_phone=Subquery(held.values("member__work_phone")[:1]),
        stand_in=Subquery(lent.values("member__name")[:1]),
        stand_in_until=Subquery(lent.values("end_date")[:1]),
        extension_until=Subquery(asked.values("until_date")[:1]),
        extension_reason=Subquery(asked.values("reason")[:1]),
        extension_asker=Subquery(asked.values("asked_by__name")[:1]),
        contest_reason=Subquery(contest.values("reason")[:1]),
        contest_raiser=Subquery(contest.values("raised_by__name")[:1]),
    )


@prepared
def evidence(case: int) -> QuerySet[Evidence]:
    return Evidence.objects.on(case).order_by("added_at", "pk")


@prepared
def parts(case: int) -> QuerySet[Case]:
    return Case.objects.filter(parent=case).select_related("owner").order_by("pk")[:AT_MOST]


# --------------------------------------------------------------------- the ledger
@prepared
def unit_coded(code: str) -> QuerySet[Unit]:
    return Unit.objects.filter(code=code)


@prepared
def saved_views(member: int) -> QuerySet[SavedView, tuple[str, str]]:
    rows = SavedView.objects.filter(member=member).order_by("name")
    return rows.values_list("name", "query")
