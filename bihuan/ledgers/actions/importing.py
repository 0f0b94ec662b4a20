"""Import a whole file: good rows become cases, the others are returned with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from collections.abc import Mapping as Map
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django.db import transaction

from bihuan.clocks.actions import running
from bihuan.core.history import RowRefused as HistoryRefused
from bihuan.core.refusal import Refusal
from bihuan.journal.actions import record
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.actions import endings
from bihuan.ledgers.actions.batching import Numbered, batches
from bihuan.ledgers.actions.findings import Waited, Waiting
from bihuan.ledgers.actions.refusals import NotWhole
from bihuan.ledgers.actions.refused_rows import RefusedRows
from bihuan.ledgers.actions.results import Result, Words
from bihuan.ledgers.actions.surroundings import few_collections, room_for_files
from bihuan.ledgers.mapping import Mapping, Placed
from bihuan.ledgers.readahead import read_ahead
from bihuan.ledgers.row_reader import RowReader
from bihuan.ledgers.said import Place
from bihuan.ledgers.sheet import chooser, sheet_facts
from bihuan.ledgers.unread import Unread
from bihuan.orgs.models import Unit, User
from bihuan.sheets.columns import is_remark, letters
from bihuan.sheets.dates import named_in
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.reading import (
    Fault,
    Note,
    RowRefused,
    SeveralDays,
    StruckThrough,
    UnknownWord,
)
from bihuan.sheets.ledger.reading.notes import READ_AS, SAID_ONCE, NoteKind
from bihuan.sheets.ledger.rows import (
    NO_ANSWERS,
    Answers,
    Given,
    ImportResult,
    Judged,
    Resembles,
    RowOutcome,
)
from bihuan.sheets.ledger.types import ImportRun, Intake, LedgerType
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.limits import ORDINARY, Limits
from bihuan.sheets.reader import Cell, OpenedSheet, open_table
from bihuan.sheets.refusals import SheetFault, SheetRefused

BATCH = 8_000
LOOK_AHEAD = 200
FIRST_ERRORS = FIRST_NOTES = 20
NOWHERE: Map[str, Path] = MappingProxyType({})
# What a refused row asks, as it is counted in the notes on rows.
_ASKED: dict[type[Refusal], str] = {SeveralDays: "several_days", StruckThrough: "struck_rows"}

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Source:
    """A file to import, with the options."""

    path: Path
    name: str
    unit: Unit
    mapping: Mapping | None = None  # None: guess
    sheet: str | None = None
    limits: Limits = ORDINARY
    empty_clears: bool = False
    header_row: int = 0  # 0: detect
    split: bool = False
    struck: str = ""
    kind: str = ""  # of a ledger without a mapping
    answers: Answers = NO_ANSWERS
    # Identifies this import, also when it is resumed.
    batch: str = field(default_factory=lambda: uuid4().hex)

    @property
    def ledger(self) -> LedgerType[Any]:
        """Return the type of the ledger; the first one by default."""
        kind = self.mapping.kind if self.mapping else self.kind
        return types.of(kind) if kind else types.first()


@room_for_files()
@few_collections()
def take_in(
    source: Source,
    *,
    words: Words,
    actor: User | None,
    now: datetime,
    whole: bool = False,
    dry_run: bool = False,
    errors_to: Map[str, Path] = NOWHERE,
    report_to: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Result:
    """Import the file; `errors_to` gets the refused rows as a workbook for each language.

    The folder `report_to` gets all changes and all questions.
    """
    began = monotonic()
    with ExitStack() as stack:
        table = stack.enter_context(_opened(source))
        ahead = list(islice(table.rows, LOOK_AHEAD))
        laid = _laid(source, ahead)
        run = _Run(source, table, laid, words, actor, now, dry_run, ahead)
        stack.callback(run.close)
        run.result.found.folder = report_to
        read = batches(chain(ahead, table.rows), laid.data_row, BATCH)
        _take_all(run, read, lambda done: progress(done, table.height), whole)
        if errors_to and run.result.refused:
            run.refused.write(errors_to, table, laid.header(ahead))
    run.result.seconds = monotonic() - began
    if not dry_run and run.result.kept:
        _note(source, run.result, actor, now)
    return run.result


def _take_all(
    run: _Run, numbered: Iterator[list[Numbered]], progress: Callable[[int], None], whole: bool
) -> None:
    try:
        with (
            _all_or_nothing(whole and not run.is_dry),
            closing(read_ahead(map(run.read, numbered))) as read,
        ):
            for batch in read:
                run.take(batch)
                progress(run.result.rows)
            run.finish()
            run.end(whole)
    except NotWhole:
        run.result.kept = False
        run.result.counts.clear()
        run.result.found.undo()


def _opened(source: Source) -> AbstractContextManager[OpenedSheet]:
    choose = chooser(source.mapping, source.ledger.vocabulary)
    return open_table(source.path, sheet=source.sheet, choose=choose, limits=source.limits)


def _laid(source: Source, ahead: Sequence[Sequence[Cell]]) -> Placed:
    if source.mapping is None:
        return mappings.guessed_surely(ahead, source.ledger.vocabulary, source.header_row)
    mapping = source.mapping
    header_row = source.header_row or mapping.header_row
    return mappings.laid_over(replace(mapping, header_row=header_row), ahead)


def _read_as(source: Source) -> Mapping:
    """Return the mapping with the options for this file alone."""
    mapping = source.mapping or Mapping()
    split, struck = mapping.split or source.split, source.struck or mapping.struck
    return replace(mapping, split=split, struck=struck)


def _all_or_nothing(whole: bool) -> AbstractContextManager[Any]:
    return transaction.atomic() if whole else nullcontext()


@transaction.atomic
def _note(source: Source, result: Result, actor: User | None, now: datetime) -> None:
    counts = {outcome.value: result.counts[outcome] for outcome in RowOutcome}
    if result.found.linked:
        counts["linked"] = result.found.linked
    record(
        source.unit.subject,
        "import",
        by=actor,
        at=now,
        detail={"file": source.name, "rows": result.rows, "refused": result.refused, **counts},
    )
    endings.tell_above(source.batch, source.unit, actor, now)


@dataclass
class _Batch:
    """Some rows of the file, with their values or faults."""

    rows: list[Numbered]
    judged: list[Judged[Any]] = field(default_factory=list)
    faults: dict[int, Sequence[Fault]] = field(default_factory=dict)
    notes: dict[int, Sequence[Note]] = field(default_factory=dict)
    passed_over: list[int] = field(default_factory=list)


def _result(source: Source, table: OpenedSheet, placed: Placed) -> Result:
    """Return what is known before the first row: the sheet, its headers and what it hides."""
    read = placed.indexes.values()
    return Result(
        source.ledger.kind,
        titles=placed.said(),
        sheet=sheet_facts(table, source.ledger.vocabulary),
        hidden_columns=[letters(index) for index in table.hidden_columns if index in read],
    )


def _waits(faults: Sequence[Fault]) -> bool:
    """Whether the only fault of the row is that a question about it is open."""
    return all(
        isinstance(fault.refusal, Resembles) and fault.refusal.question.answer is None
        for fault in faults
    )


def _intake(source: Source, units: Units, actor: User | None, now: datetime) -> Intake[Any]:
    return source.ledger.intake(
        ImportRun(
            actor=actor,
            now=now,
            source=source.name,
            unit=source.unit,
            units=units,
            answers=source.answers,
            batch=source.batch,
        )
    )


class _Run:
    """One file being imported."""

    def __init__(
        self,
        source: Source,
        table: OpenedSheet,
        placed: Placed,
        words: Words,
        actor: User | None,
        now: datetime,
        dry_run: bool,
        ahead: Sequence[Sequence[Cell]],
    ) -> None:
        near = named_in(chain.from_iterable(ahead[: placed.header_row - 1]))
        self.result = _result(source, table, placed)
        self._data_row = placed.data_row
        self._unread = Unread(placed)
        self.refused = RefusedRows(placed, words, source.ledger.kind)
        self.is_dry = dry_run
        self._units = Units(source.unit)
        self._reader = RowReader(
            _read_as(source),
            placed,
            self._units,
            source.ledger,
            zone=running.zone(),
            near=near or running.local_date(now),
            epoch_1904=table.epoch_1904,
            ahead=ahead[placed.data_row - 1 :],
        )
        self._intake = _intake(source, self._units, actor, now)
        self._waiting = Waiting()
        # An empty cell is ignored, unless the user chooses that it clears the existing value.
        self._clears = frozenset(placed.indexes if source.empty_clears else ())

    def read(self, rows: list[Numbered]) -> _Batch:
        """Parse the rows; without the database, so that it can run ahead."""
        batch = _Batch([])
        for number, cells in rows:
            if is_remark(cells) or self._reader.passes_over(cells):
                batch.passed_over.append(number)
                continue
            batch.rows.append((number, cells.spread(self._data_row)))
            self._unread.see(cells)
            try:
                read = self._reader.read(cells)
                emptied = self._clears - read.said if self._clears else self._clears
                judged = [
                    self._intake.judge(Given(number, row, names=read.said, emptied=emptied))
                    for row in read.rows
                ]
                batch.judged += judged
                unheld = [Note(NoteKind.NO_POST, "resolver_name")]
                is_unheld = any(each.is_unheld for each in judged)
                batch.notes[number] = [*read.notes, *(unheld if is_unheld else ())]
            except RowRefused as refusal:
                batch.faults[number] = [*refusal.faults, *self._besides(refusal)]
            except HistoryRefused as refusal:
                batch.faults[number] = [Fault(refusal, refusal.field)]
        return batch

    def _besides(self, refusal: RowRefused) -> list[Fault]:
        """Return further faults of a row that has some already, so that all are reported."""
        if refusal.rest is None:
            return []
        unread = frozenset(fault.field for fault in refusal.faults)
        found = self._intake.further_faults(refusal.rest, unread)
        return [Fault(each, each.field) for each in found]

    def take(self, batch: _Batch) -> None:
        """Create cases of the batch, and keep refused and waiting rows."""
        taken = self._intake.take(batch.judged, dry_run=self.is_dry, last=False)
        self.result.rows += len(batch.judged) + len(batch.faults)
        self.result.passed_over += len(batch.passed_over)
        self.result.passed += batch.passed_over[: FIRST_NOTES - len(self.result.passed)]
        self.result.without_place_on_map = self._reader.without_place_on_map
        waiting: dict[int, list[Judged[Any]]] = {}
        for each in taken.waiting:
            waiting.setdefault(each.given.row, []).append(each)
        for number, cells in batch.rows if waiting else ():
            if number in waiting:
                notes = batch.notes.pop(number, ())
                self._waiting.add(Waited(number, cells, waiting[number], notes))
        self._keep(batch, taken)

    def finish(self) -> None:
        """Check the rows again that resemble cases here, now that the whole file is known."""
        for waited in self._waiting.batches(BATCH):
            judged = [each for row in waited for each in row.judged]
            batch = _Batch([(row.number, row.cells) for row in waited], judged)
            batch.notes = {row.number: row.notes for row in waited}
            self._keep(batch, self._intake.take(judged, dry_run=self.is_dry))

    def close(self) -> None:
        """Delete the temporary files."""
        self.refused.close()
        self._waiting.close()
        self.result.found.close()

    def _keep(self, batch: _Batch, taken: ImportResult) -> None:
        faults = dict(batch.faults)
        for row, why in taken.refused:
            faults[row] = [*faults.get(row, ()), Fault(why, why.field)]
        self.result.refused += len(batch.faults) + len(taken.refused)
        self.result.counts.update(taken.counts)
        self.result.found.add(taken)
        for number in taken.unkept:
            batch.notes[number] = [note.not_kept() for note in batch.notes.get(number, ())]
        self._note(batch, faults)
        if faults:
            self._refuse(batch.rows, faults)

    def _note(self, batch: _Batch, refused: Container[int]) -> None:
        """Keep the notes on the rows."""
        result = self.result
        for number, cells in batch.rows:
            noted = batch.notes.get(number, ())
            if number in refused:
                noted = self._reader.notes_on(cells)
            if not noted:
                continue
            result.noted.update(note.kind.value for note in noted)
            for note in noted:
                if note.kind in READ_AS:
                    result.keep_reading(note)
                elif note.kind not in SAID_ONCE and len(result.notes) < FIRST_NOTES:
                    result.notes.append(self.refused.worded(number, note))

    def end(self, whole: bool) -> None:
        """Refuse a file without rows, and refused rows if all or none were requested."""
        self.result.unread = self._unread.as_json()
        if not self.result.rows:
            raise SheetRefused(SheetFault.NO_ROWS, row=self.result.titles["header_row"])
        # Rows that the user left out on purpose do not count.
        if whole and self.result.refused > self.result.found.left:
            raise NotWhole

    def _refuse(self, rows: list[Numbered], faults: dict[int, Sequence[Fault]]) -> None:
        for number, cells in rows:
            if number in faults:
                reasons = self.refused.add(number, cells, faults[number])
                self._remember(reasons, faults[number])

    def _remember(self, reasons: Sequence[Place], faults: Sequence[Fault]) -> None:
        stored = self.result.asks if _waits(faults) else self.result.errors
        if len(stored) < FIRST_ERRORS:
            stored += reasons
            fields = [fault.field for fault in faults]
            self.result.error_fields += fields if stored is self.result.errors else []
        for fault in faults:
            if type(fault.refusal) in _ASKED:
                self.result.noted[_ASKED[type(fault.refusal)]] += 1
            elif isinstance(fault.refusal, UnknownWord):
                self.result.count_unknown(fault.field, fault.refusal.shown)
