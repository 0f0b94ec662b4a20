"""A row of a ledger on its way in and what becomes of it, whatever the ledger holds."""

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
    """One row to take in: where it is in the file, what it says, and its post if known.

    `said` are the fields that say something in this row, None for all; `emptied` those whose
    empty cell shall empty what was there.
    """

    row: int
    told: R
    post: int | None = None
    said: frozenset[str] | None = None
    emptied: frozenset[str] = frozenset()


class Judged(NamedTuple, Generic[R]):
    """A row with what makes it this row, and its stage, or why it cannot come in by itself."""

    given: Given[R]
    stage: str
    key: str
    digest: str
    fault: RowRefused | None = None
    # The number of ours that the row names, if it names one.
    number: str = ""


class FieldChange(NamedTuple):
    """One field of a case before and after: plain values, units by their id."""

    field: str
    old: Any
    new: Any


class RowChange(NamedTuple):
    """One field of one case that a row of the file changes, in words that are kept."""

    row: int
    kind: str
    number: str
    field: str
    old: str
    new: str


class Answer(StrEnum):
    """What somebody says of a row that may be a case which is here."""

    SAME = "same"
    NEW = "new"
    LEAVE = "leave"


class Doubt(StrEnum):
    """Why a row may be a case that is here, or may not."""

    ALIKE = "alike"  # like a case but for one thing
    ELSEWHERE = "elsewhere"  # like a case of another unit's ledger, of an officer or the public
    NUMBER = "number"  # the source's number is that of another place, day or matter
    ENDED = "ended"  # either, and the case has ended, so that the row cannot change it


@dataclass(frozen=True)
class Answers:
    """What was answered: of a row and a case, of a row, of all questions of a sort, of all others.

    What is said of fewer rows counts.
    """

    by_case: Mapping[tuple[int, str], Answer] = field(default_factory=dict)
    by_row: Mapping[int, Answer] = field(default_factory=dict)
    by_doubt: Mapping[Doubt, Answer] = field(default_factory=dict)
    others: Answer | None = None

    def of(self, row: int, number: str, doubt: Doubt) -> Answer | None:
        """The answer for this row, which may be the case of this number."""
        return (
            self.by_case.get((row, number))
            or self.by_row.get(row)
            or self.by_doubt.get(doubt)
            or self.others
        )


NO_ANSWERS = Answers()


class Question(NamedTuple):
    """A row that may be a case which is here: which, what both say, and what would change.

    `both` are the fields by which somebody recognises a matter and those that differ: what the
    case says, and what the row says, None where it says nothing.
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
        """With which others it can be answered in one go."""
        if self.doubt is Doubt.ELSEWHERE:
            # Nothing changes the case, whether it has ended or not.
            return self.doubt
        return Doubt.ENDED if self.is_ended and self.changes else self.doubt


class Resembles(RowRefused):
    """The row may be a case that is here: somebody has to say."""

    def __init__(self, question: Question) -> None:
        super().__init__(RowFault.RESEMBLES, "number" if question.ref else "description")
        self.question = question


@dataclass
class ImportResult:
    """What became of the rows: how many of each outcome, what changes, why some were refused."""

    counts: Counter[RowOutcome] = field(default_factory=Counter)
    refused: list[tuple[int, RowRefused]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    # How many of the cases that rows change are over by what the rows say.
    ended: int = 0
    # How many rows were now said to be cases that came in another way.
    linked: int = 0
    # Rows with words for a remark that does not get them: it is that of a case which is here.
    unkept: set[int] = field(default_factory=set)
    # Rows that are like cases here: they are looked at again when the whole file is known.
    waiting: list[Judged[Any]] = field(default_factory=list)
