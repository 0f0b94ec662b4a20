"""The kinds of ledgers that offices keep, as this app reads and writes them: one book for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

from django.utils.translation import override

from bihuan.cases import kinds, register
from bihuan.cases.actions.taking_in import Ledger
from bihuan.cases.models import Case
from bihuan.core.lifecycle import Lifecycle
from bihuan.grievances import register as suggestions
from bihuan.grievances.actions.taking_in import Grievances, Suggestions
from bihuan.hazards import ledger as hazards
from bihuan.hazards.actions.taking_in import Ledger as Hazards
from bihuan.ledgers.fields import GRADES, UNVERIFIED
from bihuan.ledgers.vocabulary import VOCABULARIES, Vocabulary
from bihuan.mediations.actions.taking_in import Disputes

Value: TypeAlias = str | int | float | Decimal | date | datetime | None

YES, NO = "是", "否"
ADOPTED = {True: "采纳", False: "不采纳"}


@dataclass(frozen=True)
class Book:
    """One kind of ledger: its columns, how its rows become cases, and how cases become rows."""

    kind: str
    sheet: str
    ledger: Callable[..., Ledger[Any]]
    row_of: Callable[[Case], Any]
    named: tuple[str, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        return VOCABULARIES[self.kind]

    @property
    def lifecycle(self) -> Lifecycle:
        return kinds.by_name(self.kind).lifecycle

    @property
    def series(self) -> str:
        """The first letters of the numbers that are given out here."""
        return kinds.by_name(self.kind).series

    @cached_property
    def own_number(self) -> re.Pattern[str]:
        """The numbers that are given out here, and so may come back in a ledger."""
        return re.compile(rf"({self.series}-\d{{4}})-(\d{{6,9}})", re.ASCII)

    @cached_property
    def stages(self) -> Mapping[str, str]:
        """The stages as every workbook names them: in Chinese, no matter who reads it."""
        with override("zh-hans"):
            return {
                stage: str(kinds.stage_words(self.kind, stage)) for stage in self.lifecycle.stages
            }

    def says(
        self, field: str, row: Any, units: Mapping[int, str], *, is_unverified: bool = False
    ) -> Value:
        """What the row says in this column; units by their id in `units`."""
        if field in ("unit", "origin"):
            return units[row.owner if field == "unit" else row.origin]
        if field == "stage":
            said = self.stages[row.stage] if row.stage else ""
            return said + UNVERIFIED if said and is_unverified else said
        if field in _SAYS:
            return _SAYS[field](row)
        value: Value = getattr(row, field)
        return value


def _moment(at: datetime | None) -> Value:
    """A day where no hour was ever given, else the moment on the district's wall clock."""
    if at is None:
        return None
    return at.date() if at.time() == time() else at.replace(tzinfo=None)


def _deadline(row: Any) -> Value:
    if row.deadline_date is None or row.deadline_time is None:
        return None if row.deadline_date is None else row.deadline_date
    return datetime.combine(row.deadline_date, row.deadline_time)


_SAYS: dict[str, Callable[[Any], Value]] = {
    "reported_at": lambda row: _moment(row.reported_at),
    "deadline": _deadline,
    "ended_at": lambda row: _moment(row.ended_at),
    "grade": lambda row: GRADES.get(row.grade, ""),
    "closed": lambda row: YES if row.closed else NO,
    "adopted": lambda row: ADOPTED.get(row.adopted, ""),
    "rebounds": lambda row: row.rebounds or None,
}

BOOKS = {
    book.kind: book
    for book in (
        Book("hazard", "隐患台账", Hazards, hazards.row_of, hazards.NAMED),
        Book("grievance", "信访台账", Grievances, register.row_of, register.NAMED),
        Book("suggestion", "建议台账", Suggestions, suggestions.row_of, suggestions.NAMED),
        Book("mediation", "矛盾纠纷台账", Disputes, register.row_of, register.NAMED),
    )
}
HAZARDS = BOOKS["hazard"]
