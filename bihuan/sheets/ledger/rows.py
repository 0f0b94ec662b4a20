"""A row of a ledger during the import and its result, for any content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from bihuan.core.history import RowFault, RowRefused

R = TypeVar("R")


class RowOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Given(NamedTuple, Generic[R]):
    """One row to import: its position in the file, its values, and its post if known.

    `names` are the fields with a value in this row, None for all; `emptied` those whose empty cell
    clears the existing value.
    """

    row: int
    content: R
    post: int | None = None
    names: frozenset[str] | None = None
    emptied: frozenset[str] = frozenset()


class Judged(NamedTuple, Generic[R]):
    """A row with its key and its stage, or why it cannot be imported by itself."""

    given: Given[R]
    stage: str
    key: str
    digest: str
    fault: RowRefused | None = None
    # The number of ours in the row, if any.
    number: str = ""
    # A post is responsible at its stage, and the row names no officer of one.
    is_unheld: bool = False


class FieldChange(NamedTuple):
    """One field of a case before and after: plain values, units by id."""

    field: str
    old: Any
    new: Any


class RowChange(NamedTuple):
    """One field of one case that a row of the file changes, formatted for storage."""

    row: int
    kind: str
    number: str
    field: str
    old: str
    new: str


class Answer(StrEnum):
    """The answer about a row that may be an existing case."""

    SAME = "same"
    NEW = "new"
    LEAVE = "leave"


class Doubt(StrEnum):
    """Why a row may or may not be an existing case."""

    ALIKE = "alike"  # like a case except for one value
    ELSEWHERE = "elsewhere"  # like a case from another unit's ledger, an officer or the public
    NUMBER = "number"  # the source's number is that of another place, day or matter
    ENDED = "ended"  # any of these, and the case has ended, so that the row cannot change it


@dataclass(frozen=True)
class Answers:
    """Answers: for a row and a case, for a row, for all questions of a type, for all others.

    The more specific one takes precedence.
    """

    by_case: Mapping[tuple[int, str], Answer] = field(default_factory=dict)
    by_row: Mapping[int, Answer] = field(default_factory=dict)
    by_doubt: Mapping[Doubt, Answer] = field(default_factory=dict)
    others: Answer | None = None

    def of(self, row: int, number: str, doubt: Doubt) -> Answer | None:
        """Return the answer for this row, which may be the case with this number."""
        return (
            self.by_case.get((row, number))
            or self.by_row.get(row)
            or self.by_doubt.get(doubt)
            or self.others
        )


NO_ANSWERS = Answers()


class Question(NamedTuple):
    """A row that may be an existing case: which, the common values, and what would change.

    `both` are the fields by which a matter is recognised and those that differ: the value of the
    case, and that of the row, None if there is none.
    """

    row: int
    kind: str
    doubt: Doubt
    number: str
    ref: str
    title: str
    place: str
    is_ended: bool
    is_confidential: bool
    changes: list[FieldChange]
    both: list[FieldChange]
    answer: Answer | None = None

    @property
    def sort(self) -> Doubt:
        """Return the type of question, of which all can be answered together."""
        if self.doubt is Doubt.ELSEWHERE:
            # Nothing changes the case, whether or not it has ended.
            return self.doubt
        return Doubt.ENDED if self.is_ended and self.changes else self.doubt


class Resembles(RowRefused):
    """The row may be an existing case: the user must decide."""

    def __init__(self, question: Question) -> None:
        super().__init__(RowFault.RESEMBLES, "number" if question.ref else "description")
        self.question = question


@dataclass
class ImportResult:
    """The result for the rows: counts by outcome, changes, and reasons for refusals."""

    counts: Counter[RowOutcome] = field(default_factory=Counter)
    refused: list[tuple[int, RowRefused]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    # The rows that are new.
    created: list[int] = field(default_factory=list)
    # How many of the changed cases end by the rows' values.
    ended: int = 0
    # How many rows were linked to cases from another source.
    linked: int = 0
    # Rows with words for the remark of an existing case, which does not change.
    unkept: set[int] = field(default_factory=set)
    # Rows that resemble existing cases: they are checked again when the whole file is known.
    waiting: list[Judged[Any]] = field(default_factory=list)
