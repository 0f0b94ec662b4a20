"""Working the counters out of the cases themselves, one month of reports at a time.

A case belongs to the month in which it came and to the unit that answers for it. What happens
to it more than `OPEN_MONTHS` after that month no longer changes the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, DateTimeField, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.timezone import get_default_timezone, localdate

from bihuan.cases.models import Case, Disposed, Exclusion, Rating, clocks_of
from bihuan.cases.queries import FROM_PUBLIC
from bihuan.clocks.models import Clock
from bihuan.core import procedure
from bihuan.core.grievance import ClockPurpose
from bihuan.portal.models import Figure

OPEN_MONTHS = 13
KINDS = (Case.Kind.GRIEVANCE, Case.Kind.SUGGESTION, Case.Kind.HAZARD)
# The end of these is the first answer; others of them lead up to it.
CONCLUDE = frozenset(
    rule for each in procedure.every() for rule in each.every_rule(ClockPurpose.CONCLUDE)
)
PROMISED = (
    CONCLUDE
    | {rule for each in procedure.every() for rule in each.every_rule(ClockPurpose.REGISTER)}
    | {rule for each in procedure.every() for rule in each.every_rule(ClockPurpose.TELL)}
    | {"PET-1", "LOC-1", "LOC-2", "HAZ-5"}
)
# A counter of these units would tell them of a complaint about them (PET-20).
ABOUT = (Exclusion.Cause.COMPLAINED_OF, Exclusion.Cause.RETALIATION)

# Kind and unit; no unit is the whole place.
Key = tuple[str, int | None]


@dataclass
class Counts:
    """The counter of one unit and kind for one month."""

    received: int = 0
    settled: int = 0
    in_time: int = 0
    answered: int = 0
    rated: int = 0
    solved: int = 0
    days: Counter[str] = field(default_factory=Counter)

    def values(self) -> dict[str, int | dict[str, int]]:
        return {**vars(self), "days": dict(self.days)}


def months(first: date, last: date) -> Iterator[date]:
    """The first days of these months, both included."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = following(month)


def following(month: date, count: int = 1) -> date:
    """The first day of the month so many months later, or earlier."""
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)


def first_month() -> date | None:
    """The month of the first report of all, from an index."""
    first = Case.objects.aggregate(at=Min("reported_at"))["at"]
    return localdate(first, get_default_timezone()).replace(day=1) if first else None


def no_longer_whole() -> frozenset[date]:
    """The months of which cases were disposed of: nothing tells any more what they came to."""
    month = TruncMonth("reported_at", tzinfo=get_default_timezone(), output_field=DateField())
    gone = Disposed.objects.annotate(month=month).values_list("month", flat=True)
    return frozenset(gone.distinct())


def count(month: date, until: datetime) -> dict[Key, Counts]:
    """The counters of one month as they stood at that instant, by kind and unit."""
    until = min(until, _begin(following(month, OPEN_MONTHS)))
    found: dict[Key, Counts] = {}
    for row in _cases(month, until):
        for key in _counted_for(row):
            _add(found.setdefault(key, Counts()), row)
    return found


def _counted_for(row: Mapping[str, Any]) -> tuple[Key, ...]:
    if row["is_about"]:
        return ((Figure.Kind.ABOUT_OFFICE.value, None),)
    return ((row["kind"], row["unit"]), (row["kind"], None))


def _add(counts: Counts, row: Mapping[str, Any]) -> None:
    counts.received += 1
    if row["stage"] == "withdrawn":
        return
    answered_at: datetime | None = row["answered_at"]
    if answered_at:
        counts.answered += 1
        counts.in_time += not row["is_late"]
        counts.days[str((answered_at - row["reported_at"]) // timedelta(days=1))] += 1
        counts.rated += row["said"] is not None
        counts.solved += row["said"] is True
    if answered_at or row["is_late"]:
        counts.settled += 1


def _cases(month: date, until: datetime) -> Iterator[Mapping[str, Any]]:
    """What the public brought in that month, each with what became of it by then."""
    here = OuterRef("pk")
    clocks = clocks_of().filter(rule_id__in=PROMISED, due_at__lt=until)
    late = clocks.exclude(outcome=Clock.Outcome.CANCELLED).filter(
        Q(stopped_at=None) | Q(stopped_at__gt=F("due_at"))
    )
    concluded = (
        clocks_of()
        .filter(rule_id__in=CONCLUDE, stopped_at__lt=until)
        .exclude(outcome=Clock.Outcome.CANCELLED)
        .order_by("stopped_at")
        .values("stopped_at")[:1]
    )
    ended = Case.objects.filter(pk=here, ended_at__lt=until).values("ended_at")
    about = Exclusion.objects.filter(case=here, cause__in=ABOUT)
    cases = (
        Case.objects.filter(
            reported_at__gte=_begin(month),
            reported_at__lt=min(until, _begin(following(month))),
            channel__in=FROM_PUBLIC,
            kind__in=KINDS,
        )
        .annotate(
            unit=Coalesce("resolved_unit_id", "owner_id"),
            is_about=Q(is_confidential=True) | Exists(about),
            is_late=Exists(late),
            answered_at=Coalesce(
                Subquery(concluded), Subquery(ended), output_field=DateTimeField()
            ),
            **_said(until),
        )
        .values(
            "kind", "stage", "unit", "reported_at",
            "is_about", "is_late", "answered_at", "said",
        )
    )  # fmt: skip
    return cases.iterator(chunk_size=2000)


def _said(until: datetime) -> dict[str, Subquery]:
    """PET-19: who handled it first is rated; of what was said of that answer the last counts."""
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
