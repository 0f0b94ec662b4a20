"""What the ledgers of all kinds of case have in common, as a type of ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from bihuan.cases import kinds, queries
from bihuan.cases.models import Case
from bihuan.imports.actions.row_intake import Ledger
from bihuan.imports.actions.row_posts import Posts
from bihuan.imports.rows import ImportRow
from bihuan.orgs.models import Unit, User
from bihuan.sheets.ledger.reading.assembly import Assembly
from bihuan.sheets.ledger.reading.words import UNVERIFIED, Convert, ended
from bihuan.sheets.ledger.types import Choices, ImportRun, LedgerType, LedgerWords, Parting, Value
from bihuan.sheets.ledger.vocabulary import Vocabulary

R = TypeVar("R", bound=ImportRow)
Says = Callable[[Any], Value]

AT_ONCE = 2_000
YES, NO = "是", "否"


@dataclass(frozen=True)
class CaseLedger(Generic[R]):
    """The ledger of one kind of case; `type` returns it as a type of ledger.

    `row_of` converts a case, loaded with the relations in `named`, to a row. `says` formats columns
    that are not plain fields of the row.
    """

    vocabulary: Vocabulary
    sheet: str
    words: LedgerWords
    assembly: type[Assembly]
    intake: type[Ledger[R]]
    row_of: Callable[[Case], R]
    named: tuple[str, ...]
    sample: Path
    order: int
    says: Mapping[str, Says] = field(default_factory=dict)
    converters: Mapping[str, Convert] = field(default_factory=dict)
    closing: Callable[[Mapping[str, str], str], Convert] = ended
    parting: Parting | None = None
    answers: Callable[[], Mapping[str, Choices]] = dict

    @property
    def kind(self) -> str:
        return self.vocabulary.kind

    @property
    def type(self) -> LedgerType[R]:
        return LedgerType(
            vocabulary=self.vocabulary,
            sheet=self.sheet,
            words=self.words,
            assembly=self.assembly,
            intake=self.begun,
            records=self.records,
            lines=self.lines,
            sample=self.sample,
            page=_page,
            order=self.order,
            series=kinds.by_name(self.kind).series,
            stages_of=self.stages,
            converters=self.converters,
            closing=self.closing,
            parting=self.parting,
            answers=lambda: {"stage": self._stage_words(), **self.answers()},
            seen=_seen,
        )

    def begun(self, run: ImportRun) -> Ledger[R]:
        """Start an import; its open rows are assigned to the officer they name."""
        return self.intake(
            actor=run.actor,
            now=run.now,
            source=run.source,
            post_of=Posts(run.unit, run.now).of,
            answers=run.answers,
            top=run.unit,
            batch=run.batch,
            units=run.units,
        )

    def stages(self) -> Mapping[str, str]:
        with override("zh-hans"):
            return {stage: str(words) for stage, words in self._stage_words()}

    def _stage_words(self) -> list[tuple[str, Any]]:
        stages = kinds.by_name(self.kind).lifecycle.stages
        return [(stage, kinds.stage_words(self.kind, stage)) for stage in stages]

    def records(self, unit: Unit | None, stage: str) -> QuerySet[Case]:
        """Return the cases for a workbook, which is passed around: without restricted ones."""
        cases = Case.objects.filter(kind=self.kind, is_confidential=False, exclusions=None)
        if stage:
            cases = cases.filter(stage=stage)
        if unit is not None:
            cases = cases.filter(owner__in=Unit.objects.within(unit))
        return cases.order_by("number")

    def lines(self, records: QuerySet[Any], units: Mapping[int, str]) -> Iterator[Sequence[Value]]:
        names, columns = [field.name for field in self.vocabulary.fields], {**_SAYS, **self.says}
        stages = self.stages()
        for case in records.select_related(*self.named).iterator(chunk_size=AT_ONCE):
            row = self.row_of(case)
            stage = stages[case.stage]
            if case.import_check == Case.ImportCheck.WAITING:
                stage += UNVERIFIED
            fixed = {"unit": units[row.owner], "origin": units[row.origin], "stage": stage}
            yield [_said(name, row, fixed, columns) for name in names]


def _said(name: str, row: Any, fixed: Mapping[str, str], columns: Mapping[str, Says]) -> Value:
    if name in fixed:
        return fixed[name]
    if name in columns:
        return columns[name](row)
    value: Value = getattr(row, name)
    return value


def _moment(at: datetime | None) -> Value:
    """Return a date if there never was a time, else the local date and time."""
    if at is None:
        return None
    return at.date() if at.time() == time() else at.replace(tzinfo=None)


def _deadline(row: Any) -> Value:
    if row.deadline_date is None or row.deadline_time is None:
        return None if row.deadline_date is None else row.deadline_date
    return datetime.combine(row.deadline_date, row.deadline_time)


_SAYS: dict[str, Says] = {
    "reported_at": lambda row: _moment(row.reported_at),
    "deadline": _deadline,
    "ended_at": lambda row: _moment(row.ended_at),
    "closed": lambda row: YES if row.closed else NO,
}


def _page(unit: Unit) -> str:
    """Return the filters that come closest to what an import brought."""
    filters = {"unit": unit.code, "state": "all", "sort": "-number"}
    return f"{reverse('desk:ledger')}?{urlencode(filters)}"


def _seen(
    actor: User, numbers: Collection[str], now: datetime, confidential: bool
) -> frozenset[str]:
    return queries.seen_among(actor, numbers, now, confidential=confidential)
