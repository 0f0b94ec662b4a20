"""A row of an office's ledger and what becomes of it, whatever kind of case the ledger holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from bihuan.core.history import RowFault, RowRefused


class ImportRow(Protocol):
    """What the ledgers of all kinds say of a case: who found it, and how it is found again."""

    @property
    def number(self) -> str: ...
    @property
    def source_ref(self) -> str: ...
    @property
    def owner(self) -> int: ...
    @property
    def origin(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def remark(self) -> str: ...
    @property
    def reported_at(self) -> datetime: ...
    @property
    def day(self) -> date: ...
    def digest(self) -> str: ...
    def key(self, ordinal: int = 0) -> str: ...
    def full_key(self) -> str: ...


R = TypeVar("R", bound=ImportRow)
PostOf = Callable[[R], int | None]


def key_of(row: ImportRow, ordinal: int = 0) -> str:
    """What makes a row this row: the source's own number, else day, place and words.

    `ordinal` tells apart rows of one file that are the same in all of these.
    """
    if row.source_ref:
        return digest(row.origin, row.source_ref)
    return digest(*_account(row), ordinal)


def full_key_of(row: ImportRow) -> str:
    """What makes a row this row whose number another case has, too."""
    return digest(*_account(row), "of", row.source_ref)


def _account(row: ImportRow) -> tuple[object, ...]:
    return row.origin, row.owner, row.day, row.place, row.title, row.description


def digest(*said: object) -> str:
    return blake2b("\x1f".join(map(str, said)).encode(), digest_size=16).hexdigest()


def merged_words(old: ImportRow, told: ImportRow, said: Collection[str]) -> dict[str, Any]:
    """Title and description; a title that was made of the description follows it."""
    if "description" not in said:
        return {"title": told.title} if "title" in said else {}
    if "title" in said:
        return {"title": told.title, "description": told.description}
    whole, before = told.description or told.title, old.description or old.title
    if whole == before:
        return {}
    if before.replace("\n", " ").startswith(old.title):
        return {"title": told.title, "description": told.description}
    return {"description": whole}


class Timed(Protocol):
    """A row with a deadline, by the day or by the minute."""

    @property
    def reported_at(self) -> datetime: ...
    @property
    def deadline_date(self) -> date | None: ...
    @property
    def deadline_time(self) -> time | None: ...


def deadline_of(row: Timed) -> date | datetime | None:
    """The deadline as a ledger writes it, in the zone of the report."""
    if row.deadline_date is None or row.deadline_time is None:
        return row.deadline_date
    return datetime.combine(row.deadline_date, row.deadline_time, row.reported_at.tzinfo)


class RowOutcome(StrEnum):
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


class KnownRow(NamedTuple):
    """What the database holds of a row that was seen before."""

    pk: int
    number: str
    origin: int
    digest: str
    is_ended: bool
    key: str
    source_ref: str
    is_confidential: bool = False
    # The row was said to be this case, which came in another way: no ledger of the row changes it.
    is_linked: bool = False


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
    kind: str
    number: str
    field: str
    old: str
    new: str


class Update(NamedTuple, Generic[R]):
    """A case that a row changes: what it was, what it becomes, and the fields that differ."""

    held: KnownRow
    old: R
    told: R
    judged: Judged[R]
    changes: list[FieldChange]
    # The row is this case from now on, whatever it was known by before.
    relinks: bool = False


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
