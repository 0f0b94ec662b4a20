"""Ledgers in which each row is one record of a table, identified by key fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Field, Model, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import override

from bihuan.core.history import RowFault, RowRefused
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading import Fault, Note, NoteKind
from bihuan.sheets.ledger.reading import RowRefused as NotRead
from bihuan.sheets.ledger.reading.assembly import Assembly, FileFacts
from bihuan.sheets.ledger.rows import Given, ImportResult, Judged, RowChange, RowOutcome
from bihuan.sheets.ledger.types import ImportRun, LedgerType, LedgerWords, Value
from bihuan.sheets.ledger.vocabulary import Vocabulary
from bihuan.sheets.values import text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
M = TypeVar("M", bound=Model)

AT_ONCE = 2_000


@dataclass(frozen=True)
class RecordLedger(Generic[R, M]):
    """A register of records with a unit; `type` returns it as a type of ledger.

    The fields of `row`, a frozen dataclass, are the columns and have the names of the model's
    fields; a unit is an id, and a field without a default is required. Those of `key` identify a
    record and never change. `create` and `update` are actions of the part; if a change is not
    allowed, `update` raises `RowRefused` and changes nothing.
    """

    vocabulary: Vocabulary
    sheet: str
    words: LedgerWords
    row: type[R]
    key: tuple[str, ...]
    records: QuerySet[M]
    create: Callable[[ImportRun, R], object]
    update: Callable[[ImportRun, M, R], object]
    sample: Path
    page: Callable[[Unit], str]
    order: int = 100

    @property
    def type(self) -> LedgerType[R]:
        return LedgerType(
            vocabulary=self.vocabulary,
            sheet=self.sheet,
            words=self.words,
            assembly=partial(_Assembly, record=self.row),
            intake=partial(RowIntake, self),
            records=self.chosen,
            lines=self.lines,
            sample=self.sample,
            page=self.page,
            order=self.order,
            stages_of=self.stages,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in fields(self.row))

    def stages(self) -> Mapping[str, str]:
        """Return the stages of the model as workbooks name them, if a column has them."""
        held = [each.name for each in self.vocabulary.fields if each.holds == "stage"]
        if not held:
            return {}
        stage = self.records.model._meta.get_field(held[0])
        assert isinstance(stage, Field)
        with override("zh-hans"):
            return {value: str(label) for value, label in stage.flatchoices}

    def chosen(self, unit: Unit | None, stage: str) -> QuerySet[M]:
        rows = self.records.filter(stage=stage) if stage else self.records.all()
        return rows if unit is None else rows.filter(unit__in=Unit.objects.within(unit))

    def told(self, record: M) -> R:
        """Return the record as a row of the ledger."""
        make: Callable[..., R] = self.row
        return make(**{name: self._value(record, name) for name in self.names})

    def _value(self, record: M, name: str) -> Any:
        value = getattr(record, f"{name}_id" if name in self.vocabulary.units else name)
        if isinstance(value, datetime):
            return localtime(value).replace(microsecond=0)
        return text(value) if isinstance(value, str) else value

    def lines(self, records: QuerySet[Any], units: Mapping[int, str]) -> Iterator[Sequence[Value]]:
        stages = self.stages()
        for record in records.order_by("pk").iterator(chunk_size=AT_ONCE):
            row = self.told(record)
            yield [
                _cell(each.holds, getattr(row, each.name), units, stages)
                for each in self.vocabulary.fields
            ]


def _cell(holds: str, value: Any, units: Mapping[int, str], stages: Mapping[str, str]) -> Value:
    if holds == "unit":
        return units[value]
    if holds == "stage":
        return stages[value]
    written: Value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    return written


class _Assembly(Assembly):
    """Builds a row from the cells, and refuses one with missing values."""

    def __init__(
        self, ledger: LedgerType[Any], file: FileFacts, *, record: type[DataclassInstance]
    ) -> None:
        super().__init__(ledger, file)
        self._row: Callable[..., Any] = record
        self._required = {each.name: each.default is MISSING for each in fields(record)}

    def row(self, values: dict[str, Any], notes: list[Note]) -> Any:
        for name in self.ledger.vocabulary.units:
            if values.get(name) is None:
                notes.append(Note(NoteKind.NO_UNIT, name))
                values[name] = self.file.top
        self.set_remark(values, notes)
        told = {name: values[name] for name in self._required if values.get(name) not in (None, "")}
        needed = {name for name, required in self._required.items() if required}
        lacking = sorted(needed - told.keys())
        if lacking:
            raise NotRead([Fault(RowRefused(self._lack(name), name), name) for name in lacking])
        moments = {name: self.local(at) for name, at in told.items() if isinstance(at, datetime)}
        return self._row(**told | moments)

    def _lack(self, name: str) -> RowFault:
        if name in self.ledger.vocabulary.days:
            return RowFault.NO_DATE
        return RowFault.NO_PLACE if name == "place" else RowFault.NOTHING_FOUND


class RowIntake(Generic[R, M]):
    """Creates a record for each new row, and updates the record of a row that differs."""

    def __init__(self, ledger: RecordLedger[R, M], run: ImportRun) -> None:
        self._ledger, self.run = ledger, run
        self._seen: set[str] = set()

    def judge(self, given: Given[R]) -> Judged[R]:
        return Judged(given, stage="", key=self.key_of(given.content), digest="")

    def further_faults(self, row: R, unread: Collection[str]) -> list[RowRefused]:
        return []

    def take(
        self, rows: Sequence[Judged[R]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        taken = ImportResult()
        with transaction.atomic():
            known = self._known([each.given.content for each in rows])
            for each in rows:
                try:
                    taken.counts[self._take(each, known.get(each.key), taken)] += 1
                except RowRefused as refusal:
                    taken.refused.append((each.given.row, refusal))
            if dry_run:
                transaction.set_rollback(True)
        return taken

    def _take(self, judged: Judged[R], record: M | None, taken: ImportResult) -> RowOutcome:
        given = judged.given
        if judged.key in self._seen:
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, self._ledger.key[0])
        self._seen.add(judged.key)
        if record is None:
            for name in self._ledger.vocabulary.units:
                self.run.units.require_open(name, getattr(given.content, name))
            self._ledger.create(self.run, given.content)
            return RowOutcome.CREATED
        old = self._ledger.told(record)
        new = self._merged(old, given)
        if new == old:
            return RowOutcome.UNCHANGED
        self._ledger.update(self.run, record, new)
        taken.changes += self._changes(given.row, str(record), old, new)
        return RowOutcome.UPDATED

    def _known(self, rows: Sequence[R]) -> dict[str, M]:
        """Return the records of these rows, locked."""
        among = {f"{name}__in": {getattr(row, name) for row in rows} for name in self._ledger.key}
        found = self._ledger.records.filter(**among).select_for_update(of=("self",))
        return {self.key_of(self._ledger.told(record)): record for record in found}

    def key_of(self, row: R) -> str:
        return "\x1f".join(str(getattr(row, name)) for name in self._ledger.key)

    def _merged(self, old: R, given: Given[R]) -> R:
        """Missing values do not change, unless empty cells clear them."""
        make: Callable[..., R] = self._ledger.row
        names = {*self._ledger.names} if given.names is None else given.names | given.emptied
        return make(
            **{
                name: getattr(given.content if name in names else old, name)
                for name in self._ledger.names
            }
        )

    def _changes(self, row: int, title: str, old: R, new: R) -> Iterator[RowChange]:
        for name in self._ledger.names:
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                kind = self._ledger.vocabulary.kind
                yield RowChange(row, kind, title, name, _words(before), _words(after))


def _words(value: object) -> str:
    return "" if value is None else str(value)
