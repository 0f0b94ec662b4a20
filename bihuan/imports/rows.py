"""A row of an office's ledger as a case, for every kind of case."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, time
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from bihuan.core.sameness import digest
from bihuan.sheets.ledger.rows import FieldChange, Judged


class ImportRow(Protocol):
    """What the ledgers of all kinds contain: who found it, and how it is recognised."""

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
    def resolver_name(self) -> str: ...
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


def nobody(row: ImportRow) -> None:
    """No post is responsible for the row's problem."""


def key_of(row: ImportRow, ordinal: int = 0) -> str:
    """Return what identifies a row: the source's own number, else day, place and words.

    `ordinal` distinguishes rows of one file that are equal in all of these.
    """
    if row.source_ref:
        return digest(row.origin, row.source_ref)
    return digest(*_account(row), ordinal)


def full_key_of(row: ImportRow) -> str:
    """Return what identifies a row whose number another case has, too."""
    return digest(*_account(row), "of", row.source_ref)


def _account(row: ImportRow) -> tuple[object, ...]:
    return row.origin, row.owner, row.day, row.place, row.title, row.description


def merged_words(old: ImportRow, row: ImportRow, names: Collection[str]) -> dict[str, Any]:
    """Merge title and description; a title derived from the description is updated with it."""
    if "description" not in names:
        return {"title": row.title} if "title" in names else {}
    if "title" in names:
        return {"title": row.title, "description": row.description}
    whole, before = row.description or row.title, old.description or old.title
    if whole == before:
        return {}
    if before.replace("\n", " ").startswith(old.title):
        return {"title": row.title, "description": row.description}
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
    """Return the deadline as a ledger contains it, in the zone of the report."""
    if row.deadline_date is None or row.deadline_time is None:
        return row.deadline_date
    return datetime.combine(row.deadline_date, row.deadline_time, row.reported_at.tzinfo)


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
    # The row was linked to this case from another source: no ledger of the row changes it.
    is_linked: bool = False


class New(NamedTuple, Generic[R]):
    """A row with the id and the number of its new case."""

    pk: int
    number: str
    judged: Judged[R]


class Update(NamedTuple, Generic[R]):
    """A case that a row changes: its old and new values, and the fields that differ."""

    held: KnownRow
    old: R
    new: R
    judged: Judged[R]
    changes: list[FieldChange]
    # The row identifies this case from now on, whatever key it had before.
    relinks: bool = False
