"""What the public's cases count as in the figures, calculated from the cases themselves.

A case belongs to the month in which it came and to its responsible unit. Events more than
`OPEN_MONTHS` after that month no longer change the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from django.db.models import DateTimeField, Exists, F, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases.models import CASE_SUBJECT, Case, Exclusion, clocks_of
from bihuan.cases.queries import FROM_PUBLIC
from bihuan.clocks.models import Clock
from bihuan.core import procedure
from bihuan.core.grievance import ClockPurpose
from bihuan.figures.models import OF_PLACE
from bihuan.figures.sources import Counted, Source, Span
from bihuan.portal.models import FigureKind
from bihuan.receipts.models import Rating
from bihuan.store.bulk import rows_with
from bihuan.store.prepared import prepared

OPEN_MONTHS = 13
KINDS = tuple(kind.value for kind in FigureKind if kind is not FigureKind.ABOUT_OFFICE)
# The end of these is the first answer; other stages lead up to it.
CONCLUDE = frozenset(
    rule for each in procedure.every() for rule in each.every_rule(ClockPurpose.CONCLUDE)
)
PROMISED = (
    CONCLUDE
    | {rule for each in procedure.every() for rule in each.every_rule(ClockPurpose.REGISTER)}
    | {rule for each in procedure.every() for rule in each.every_rule(ClockPurpose.TELL)}
    | {"PET-1", "LOC-1", "LOC-2", "HAZ-5"}
)
# A counter of these units would reveal a complaint about them (PET-20).
ABOUT = (Exclusion.Cause.COMPLAINED_OF, Exclusion.Cause.RETALIATION)

# What is counted of each kind: settled are those that were answered or are overdue, and the days
# after which they were, for the median of any period.
NUMBERS = ("received", "settled", "in_time", "answered", "rated", "solved")
DAYS = "days"
CaseRow: TypeAlias = "Mapping[str, Any]"


def counter(kind: str, number: str) -> str:
    """Return the name of a counter; complaints about an office have them for the whole place
    only.
    """
    place = OF_PLACE if kind == FigureKind.ABOUT_OFFICE else ""
    return f"{place}{kind}.{number}"


class PublicCases(Source):
    """The cases that the public brought, and their outcomes."""

    prefix = CASE_SUBJECT.removesuffix("/")
    counters = frozenset(counter(kind, each) for kind in FigureKind for each in (*NUMBERS, DAYS))
    span = Span.MONTH
    open_for = OPEN_MONTHS

    def first_period(self) -> date | None:
        """Return the month of the first report of all, from an index."""
        first = Case.objects.aggregate(at=Min("reported_at"))["at"]
        return _month(first) if first else None

    def periods_of(self, subjects: Collection[str]) -> Mapping[str, date]:
        numbers = [subject.removeprefix(CASE_SUBJECT) for subject in subjects]
        if len(numbers) == 1:
            found = _reported(numbers[0])
        else:
            found = list(_among(_of_public(numbers)).values_list("number", "reported_at"))
        return {CASE_SUBJECT + number: _month(at) for number, at in found}

    def count(self, period: date, subjects: Collection[str] | None = None) -> Mapping[str, Counted]:
        until = _begin(self.span.later(period, OPEN_MONTHS))
        if subjects is not None and len(subjects) == 1:
            (subject,) = subjects
            rows = _outcome(until, subject.removeprefix(CASE_SUBJECT))
        else:
            rows = list(_outcomes(until, self._chosen(period, subjects)))
        return {CASE_SUBJECT + row["number"]: _counted(row) for row in rows}

    def _chosen(self, period: date, subjects: Collection[str] | None) -> QuerySet[Case]:
        if subjects is not None:
            return _among([subject.removeprefix(CASE_SUBJECT) for subject in subjects])
        return _PUBLIC.filter(
            reported_at__gte=_begin(period), reported_at__lt=_begin(self.span.later(period))
        )

    def count_new(self, rows: Sequence[Model]) -> Mapping[str, tuple[date, Counted]]:
        is_about = any(isinstance(row, Exclusion) and row.cause in ABOUT for row in rows)
        return {
            row.subject: (
                _month(row.reported_at),
                _received(row.kind, row.owner_id, is_about=is_about or row.is_confidential),
            )
            for row in rows
            if isinstance(row, Case) and row.kind in KINDS and row.channel in FROM_PUBLIC
        }


def _received(kind: str, unit: int, *, is_about: bool) -> Counted:
    if is_about:
        return Counted(None, {counter(FigureKind.ABOUT_OFFICE, "received"): 1})
    return Counted(unit, {counter(kind, "received"): 1})


def _counted(row: CaseRow) -> Counted:
    counted = _received(row["kind"], row["unit"], is_about=row["is_about"])
    numbers = _numbers(row)
    kind = FigureKind.ABOUT_OFFICE if row["is_about"] else row["kind"]
    return Counted(
        counted.unit,
        {**counted.numbers, **{counter(kind, name): n for name, n in numbers.items() if n}},
    )


def _numbers(row: CaseRow) -> Mapping[str, int]:
    if row["stage"] == "withdrawn":
        return {}
    answered_at: datetime | None = row["answered_at"]
    if answered_at is None:
        return {"settled": int(row["is_late"])}
    days = (answered_at - row["reported_at"]) // timedelta(days=1)
    return {
        "settled": 1,
        "answered": 1,
        "in_time": int(not row["is_late"]),
        f"{DAYS}/{days}": 1,
        "rated": int(row["said"] is not None),
        "solved": int(row["said"] is True),
    }


# ---------------------------------------------------------------------- questions
_PUBLIC = Case.objects.filter(channel__in=FROM_PUBLIC, kind__in=KINDS)


def _among(numbers: Collection[str]) -> QuerySet[Case]:
    return _PUBLIC.filter(number__in=numbers)


def _of_public(numbers: Sequence[str]) -> list[str]:
    """Return those that the public brought: none of the thousands that an import writes."""
    found = rows_with(Case, "number", numbers, ("number", "channel", "kind"))
    return [number for number, channel, kind in found if channel in FROM_PUBLIC and kind in KINDS]


def _outcomes(until: datetime, cases: QuerySet[Case]) -> QuerySet[Any, Any]:
    """Return each of the cases with its outcome by then."""
    # An expired clock counts once it was processed, as for officers' notices.
    late = (
        clocks_of()
        .filter(rule_id__in=PROMISED, due_at__lt=until)
        .exclude(outcome=Clock.Outcome.CANCELLED)
        .filter(Q(stopped_at=None, overdue_at__isnull=False) | Q(stopped_at__gt=F("due_at")))
    )
    concluded = (
        clocks_of()
        .filter(rule_id__in=CONCLUDE, stopped_at__lt=until)
        .exclude(outcome=Clock.Outcome.CANCELLED)
        .order_by("stopped_at")
        .values("stopped_at")[:1]
    )
    ended = Case.objects.filter(pk=OuterRef("pk"), ended_at__lt=until).values("ended_at")
    about = Exclusion.objects.filter(case=OuterRef("pk"), cause__in=ABOUT)
    return cases.annotate(
        unit=Coalesce("resolved_unit_id", "owner_id"),
        is_about=Q(is_confidential=True) | Exists(about),
        is_late=Exists(late),
        answered_at=Coalesce(Subquery(concluded), Subquery(ended), output_field=DateTimeField()),
        **_said(until),
    ).values(
        "number", "kind", "stage", "unit", "reported_at",
        "is_about", "is_late", "answered_at", "said",
    )  # fmt: skip


def _said(until: datetime) -> dict[str, Subquery]:
    """PET-19: the officer who handled it first is rated; of several ratings of that answer the
    last counts.
    """
    rated = Rating.objects.filter(case=OuterRef("pk"), rated_at__lt=until)
    first = rated.order_by("rated_at", "pk").values("stage", "round")
    said = rated.filter(stage=OuterRef("first_stage"), round=OuterRef("first_round"))
    return {
        "first_stage": Subquery(first.values("stage")[:1]),
        "first_round": Subquery(first.values("round")[:1]),
        "said": Subquery(said.order_by("-rated_at", "-pk").values("solved")[:1]),
    }


def _begin(month: date) -> datetime:
    return datetime.combine(month, time.min, get_default_timezone())


def _month(at: datetime) -> date:
    return localdate(at, get_default_timezone()).replace(day=1)


@prepared
def _reported(number: str) -> QuerySet[Case, tuple[str, datetime]]:
    return _among([number]).values_list("number", "reported_at")


@prepared
def _outcome(until: datetime, number: str) -> QuerySet[Any, Any]:
    return _outcomes(until, _among([number]))
