"""Counters of a part whose rows are its subjects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Generic, TypeVar

from django.db.models import DateTimeField, F, Min, Model, QuerySet
from django.db.models.functions import TruncDate

from bihuan.figures.sources import Counted, Source

M = TypeVar("M", bound=Model)


class RowSource(Source, Generic[M]):
    """Counts rows, each a subject named "prefix/primary key", by their unit and by month.

    `day` is the field that determines the month, `tests` define which rows each counter includes.
    After `open_for` months, changes to a row no longer change what it counts as.
    """

    def __init__(
        self,
        prefix: str,
        rows: QuerySet[M],
        day: str,
        tests: Mapping[str, Callable[[M], bool]],
        *,
        open_for: int = 12,
    ) -> None:
        self.prefix, self.open_for = prefix, open_for
        self.counters = frozenset(tests)
        is_moment = isinstance(rows.model._meta.get_field(day), DateTimeField)
        self._rows = rows.annotate(counted_on=TruncDate(day) if is_moment else F(day))
        self._tests = tests

    def first_period(self) -> date | None:
        first: date | None = self._rows.aggregate(first=Min("counted_on"))["first"]
        return first and self.span.start(first)

    def periods_of(self, subjects: Collection[str]) -> Mapping[str, date]:
        found = self._rows.filter(pk__in=self._keys(subjects)).values_list("pk", "counted_on")
        return {self._subject(pk): self.span.start(on) for pk, on in found}

    def count(self, period: date, subjects: Collection[str] | None = None) -> Mapping[str, Counted]:
        rows = self._rows.filter(counted_on__gte=period, counted_on__lt=self.span.later(period))
        if subjects is not None:
            rows = rows.filter(pk__in=self._keys(subjects))
        return {self._subject(row.pk): self._counted(row) for row in rows.order_by("pk")}

    def _counted(self, row: M) -> Counted:
        numbers = {name: 1 for name, is_counted in self._tests.items() if is_counted(row)}
        return Counted(getattr(row, "unit_id", None), numbers)

    def _subject(self, pk: int) -> str:
        return f"{self.prefix}/{pk}"

    @staticmethod
    def _keys(subjects: Collection[str]) -> list[str]:
        return [subject.partition("/")[2] for subject in subjects]
