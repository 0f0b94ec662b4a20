"""Read the counters, and compare them with the records."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, F, IntegerField, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from bihuan.figures.models import Contribution, Count
from bihuan.figures.sources import Counted, Key, Source
from bihuan.store.stream import snapshot
from bihuan.web.models import Run

# The job that publishes what was counted.
REFRESH = "refresh figures"
Values = Mapping[Key, int]


# ---------------------------------------------------------------------- reading
def sums(
    counters: Collection[str], first: date, last: date, *, of_units: Q | None = None
) -> dict[tuple[str, int | None], int]:
    """Return the counters of each unit over these periods, by counter and unit."""
    rows = _published(counters, first, last).filter(of_units or Q())
    found = rows.values_list("counter", "unit").annotate(Sum("value"))
    return {(counter, unit): value for counter, unit, value in found if value}


def steps(
    counters: Collection[str], first: date, last: date, *, of_units: Q | None = None
) -> dict[tuple[str, int | None], Counter[int]]:
    """Return the distributions of each unit over these periods, by counter and unit."""
    rows = _published(counters, first, last).filter(of_units or Q())
    found: dict[tuple[str, int | None], Counter[int]] = defaultdict(Counter)
    for counter, unit, step, value in rows.values_list("counter", "unit", "step", "value"):
        found[counter, unit][step] += value
    return found


def published_at() -> datetime | None:
    """Return when the figures were last published: by the job that runs once a day."""
    runs = Run.objects.filter(name=REFRESH, outcome=Run.Outcome.DONE).order_by("-turn_at")
    return runs.values_list("ended_at", flat=True).first()


def _published(counters: Collection[str], first: date, last: date) -> QuerySet[Count]:
    return Count.objects.published().filter(counter__in=counters, period__range=(first, last))


# -------------------------------------------------------------------- comparing
@dataclass(frozen=True)
class Comparison:
    """The counters of one period: the stored values, and those calculated from the records."""

    stored: Values
    counted: Values
    # Subjects whose contribution is out of date.
    stale: frozenset[str]

    @property
    def is_right(self) -> bool:
        return not self.stale and self.stored == self.counted


def is_new(name: str) -> bool:
    """Whether nothing of this source was ever counted."""
    return not Contribution.objects.filter(source=name).exclude(is_final=True).exists()


def periods(name: str, source: Source, until: date) -> list[date]:
    """Return every period in which there is something to count, or something was counted."""
    found = set(Contribution.objects.filter(source=name).values_list("period", flat=True))
    found.update(Count.objects.filter(counter__in=source.counters).values_list("period", flat=True))
    first = source.first_period()
    if first is not None:
        found.update(source.span.all(first, until))
    return sorted(found)


def compare(name: str, source: Source, period: date) -> Comparison:
    """Compare as of one moment, while actions continue."""
    with snapshot():
        of_period = Contribution.objects.filter(source=name, period=period)
        final = [each.counted for each in of_period.filter(is_final=True)]
        ours = set(of_period.filter(is_final=True).values_list("subject", flat=True))
        contributed = {each.subject: each.counted for each in of_period.filter(is_final=False)}
        there = {
            subject: counted
            for subject, counted in source.count(period).items()
            if subject not in ours
        }
        rows = kept_values(source, period)
    stale = {
        subject
        for subject in contributed.keys() | there.keys()
        if contributed.get(subject, Counted()) != there.get(subject, Counted())
    }
    return Comparison(rows, _added(period, [*final, *there.values()]), frozenset(stale))


def kept_values(source: Source, period: date) -> Values:
    rows = Count.objects.filter(counter__in=source.counters, period=period)
    found: Counter[Key] = Counter()
    for unit, counter, step, value in rows.values_list("unit", "counter", "step", "value"):
        found[Key(unit, period, f"{counter}/{step}" if step else counter)] += value
    return _without_zeros(found)


def missing(name: str, source: Source, period: date) -> Values:
    """Return the sum of all contributions minus the counters: zero, unless they were damaged.

    One query, so that both sides are from the same moment.
    """
    contributed = (
        Contribution.objects.filter(source=name, period=period)
        .order_by()
        .annotate(of=F("unit"), text=Cast("numbers", TextField()), many=Value(0))
        .values_list("of", "text", "many")
    )
    step = Concat(Value("/"), Cast("step", CharField()), output_field=TextField())
    counts = (
        Count.objects.filter(counter__in=source.counters, period=period)
        .annotate(of=F("unit"), text=Concat("counter", step, output_field=TextField()))
        .annotate(many=Cast("value", IntegerField()))
        .values_list("of", "text", "many")
    )
    found: Counter[Key] = Counter()
    for unit, text, many in contributed.union(counts, all=True):
        if text.startswith("{"):
            found.update(Counted(unit, json.loads(text)).by_key(period))
        else:
            found[Key(unit, period, text.removesuffix("/0"))] -= many
    return _without_zeros(found)


def _added(period: date, each: list[Counted]) -> Values:
    found: Counter[Key] = Counter()
    for counted in each:
        found.update(counted.by_key(period))
    return _without_zeros(found)


def _without_zeros(values: Mapping[Key, int]) -> Values:
    return {key: value for key, value in values.items() if value}
