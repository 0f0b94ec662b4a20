"""A row of an office's ledger and what becomes of it, whatever kind of case the ledger holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from bihuan.core.history import RowRefused


class Row(Protocol):
    """What the ledgers of all kinds say of a case: who found it, and how it is found again."""

    @property
    def number(self) -> str: ...
    @property
    def source_ref(self) -> str: ...
    @property
    def owner(self) -> int: ...
    @property
    def origin(self) -> int: ...
    def digest(self) -> str: ...
    def key(self, ordinal: int = 0) -> str: ...


R = TypeVar("R", bound=Row)
PostOf = Callable[[R], int | None]


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Given(NamedTuple, Generic[R]):
    """One row to take in: where it stands in the file, what it says, and its post if known.

    `said` are the fields that say something in this row, None for all; `emptied` those whose
    empty cell shall empty what was there.
    """

    row: int
    told: R
    post: int | None = None
    said: frozenset[str] | None = None
    emptied: frozenset[str] = frozenset()


class Judged(NamedTuple, Generic[R]):
    """A row with what makes it this row, and its stage, or why it cannot be a case by itself."""

    given: Given[R]
    stage: str
    key: str
    digest: str
    fault: RowRefused | None = None

    @property
    def number(self) -> str:
        return self.given.told.number


class Held(NamedTuple):
    """What the database holds of a row that was seen before."""

    pk: int
    number: str
    origin: int
    digest: str
    is_ended: bool


class New(NamedTuple, Generic[R]):
    """A row with the id and the number that its case is given, or has."""

    pk: int
    number: str
    judged: Judged[R]


class FieldChange(NamedTuple):
    """One field of a case before and after: plain values, units by their id."""

    field: str
    old: Any
    new: Any


class RowChange(NamedTuple):
    """One field of one case that a row of the file changes, in words that are kept."""

    row: int
    number: str
    field: str
    old: str
    new: str


class Update(NamedTuple, Generic[R]):
    """A case that a row changes: what it was, what it becomes, and the fields that differ."""

    held: Held
    old: R
    told: R
    judged: Judged[R]
    changes: list[FieldChange]


@dataclass
class Taken:
    """What became of the rows: how many of each outcome, what changes, why some were refused."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: list[tuple[int, RowRefused]] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
