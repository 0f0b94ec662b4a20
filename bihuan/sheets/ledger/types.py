"""The types of ledgers that offices keep: an app registers its own in `AppConfig.ready`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from bihuan.core.history import RowRefused
from bihuan.core.refusal import Refusal
from bihuan.orgs.models import Unit, User
from bihuan.sheets.ledger.reading.assembly import Assembly, FileFacts
from bihuan.sheets.ledger.reading.notes import NoteKind
from bihuan.sheets.ledger.reading.words import Convert, ended
from bihuan.sheets.ledger.rows import NO_ANSWERS, Answers, Given, ImportResult, Judged
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.ledger.vocabulary import Vocabulary

R = TypeVar("R")
Words: TypeAlias = str | Promise
Choices: TypeAlias = Sequence[tuple[str, Any]]
Value: TypeAlias = str | int | float | Decimal | date | datetime | None
"""The possible values of a workbook's cell."""


@dataclass(frozen=True)
class ImportRun:
    """One file being imported: by whom and when, from where, and its unit.

    `batch` identifies the import, also when it is resumed.
    """

    actor: User | None
    now: datetime
    source: str
    unit: Unit
    units: Units
    answers: Answers = NO_ANSWERS
    batch: str = ""


class Intake(Protocol[R]):
    """One file being imported, batch by batch; stores which rows it has seen."""

    def judge(self, given: Given[R]) -> Judged[R]:
        """Identify the row, without database queries; raise `RowRefused` if it is not valid."""
        ...

    def further_faults(self, row: R, unread: Collection[str]) -> list[RowRefused]:
        """Return further faults of a row of which these columns could not be parsed."""
        ...

    def take(
        self, rows: Sequence[Judged[R]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        """Import a batch in one transaction; waiting rows are passed again with the last one."""
        ...


@dataclass(frozen=True)
class Parting:
    """How a row that lists several matters in one cell is split into a row for each.

    `each` are columns that list as many items as there are matters, or have one value for all;
    `total` is a column with a sum for all of them.
    """

    each: tuple[str, ...]
    total: str
    label: Words
    by_command: Words


@dataclass(frozen=True)
class LedgerWords:
    """The name of a type of ledger, and texts that differ from those of other types.

    `same` and `another` complete the questions whether a row is an existing matter. `rows`, `notes`
    and `counted` replace the common texts; `unknown` says that a word in a column has no meaning,
    `define` how a mapping file defines it; `without_unit` says to whom rows without a unit belong.
    """

    name: Words
    looks_like: Words
    same: Words
    another: Words
    rows: Mapping[str, Words] = field(default_factory=dict)
    notes: Mapping[NoteKind, Words] = field(default_factory=dict)
    counted: Mapping[NoteKind, Callable[[int], str]] = field(default_factory=dict)
    unknown: Mapping[str, Words] = field(default_factory=dict)
    define: Mapping[str, Words] = field(default_factory=dict)
    without_unit: Words = ""
    explain: Callable[[Refusal], str] | None = None


def _no_answers() -> Mapping[str, Choices]:
    return {}


def _no_stages() -> Mapping[str, str]:
    return {}


def _nothing_seen(
    actor: User, numbers: Collection[str], now: datetime, all_: bool
) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class LedgerType(Generic[R]):
    """One type of ledger: its columns, how rows become records, and how records become rows.

    `records` returns those of a unit and the units below it (of all, if None) in a stage (in any,
    if empty); `lines` returns their cells in the order of the columns, with units by name. `sample`
    is a workbook, or rows in a TOML file. `page` is where an officer sees what was imported for a
    unit; `seen` returns the numbers that an officer may see, confidential ones only on request.

    `converters` parse cells of the type's own columns, `closing` the column that says whether the
    matter has ended; `answers` are the possible meanings of their words. `series` are the prefixes
    of the numbers assigned here.
    """

    vocabulary: Vocabulary
    sheet: str
    words: LedgerWords
    assembly: Callable[[LedgerType[Any], FileFacts], Assembly]
    intake: Callable[[ImportRun], Intake[R]]
    records: Callable[[Unit | None, str], QuerySet[Any]]
    lines: Callable[[QuerySet[Any], Mapping[int, str]], Iterator[Sequence[Value]]]
    sample: Path
    page: Callable[[Unit], str]
    order: int = 100
    series: str = ""
    stages_of: Callable[[], Mapping[str, str]] = _no_stages
    converters: Mapping[str, Convert] = field(default_factory=dict)
    closing: Callable[[Mapping[str, str], str], Convert] = ended
    parting: Parting | None = None
    answers: Callable[[], Mapping[str, Choices]] = _no_answers
    seen: Callable[[User, Collection[str], datetime, bool], frozenset[str]] = _nothing_seen

    @property
    def kind(self) -> str:
        """Its name in files, commands and URLs."""
        return self.vocabulary.kind

    @cached_property
    def stages(self) -> Mapping[str, str]:
        """Return the stages as every workbook names them: in Chinese, for all readers."""
        return self.stages_of()

    def is_own_number(self, number: str) -> bool:
        """Whether it is a number assigned here, and so may come back in a ledger."""
        return self._own_number is not None and self._own_number.fullmatch(number) is not None

    @cached_property
    def _own_number(self) -> re.Pattern[str] | None:
        series = self.series
        return re.compile(rf"({series}-\d{{4}})-(\d{{6,9}})", re.ASCII) if series else None


_registered: dict[str, LedgerType[Any]] = {}


def register(ledger: LedgerType[Any]) -> None:
    _registered[ledger.kind] = ledger


def every() -> list[LedgerType[Any]]:
    """Return the types of ledgers, in the order of the pages."""
    return sorted(_registered.values(), key=lambda ledger: ledger.order)


def of(kind: str) -> LedgerType[Any]:
    return _registered[kind]


def find(kind: str) -> LedgerType[Any] | None:
    return _registered.get(kind)


def first() -> LedgerType[Any]:
    """Return the default type of a ledger."""
    return every()[0]


def title_of(kind: str, field: str) -> str:
    """Return the header of a column in the reader's language; its name if there is none."""
    ledger = find(kind)
    return ledger.vocabulary.title_of(field) if ledger else field
