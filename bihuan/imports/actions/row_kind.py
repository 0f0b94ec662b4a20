"""What each kind of case knows about the rows of its ledgers, and the comparison of a row with
its case.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Generic, TypeVar

from django.utils.timezone import localtime

from bihuan.cases import kinds
from bihuan.core.history import RowRefused
from bihuan.imports.rows import ImportRow, KnownRow, New, PostOf, Update
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import FieldChange, Given, Judged

R = TypeVar("R", bound=ImportRow)

# The columns whose values are units.
UNITS = ("unit", "origin")
# The columns by which a person recognises a problem.
RECOGNISED = frozenset(
    {
        "source_ref", "title", "description", "place", "unit", "reported_at", "found_date",
        "grade", "deadline", "stage",
    }
)  # fmt: skip
# The value of a row without such a column.
WORKED_OUT = ("title", "reported_at", "found_date")


class RowKind(ABC, Generic[R]):
    """The rows of one kind of case: their stage, their changes, their storage."""

    kind: str
    # The columns of this kind that define how much is required of the unit that a deadline binds.
    demands: frozenset[str] = frozenset()
    # The stages at which a post is responsible.
    held: frozenset[str] = frozenset()
    now: datetime
    post_of: PostOf[R]

    @abstractmethod
    def stage_of(self, row: R) -> str:
        """Return the stage of the row's case; raise `RowRefused` if the row cannot be correct."""

    def has_ended(self, stage: str) -> bool:
        """Whether a case of this kind has ended at that stage."""
        return stage in kinds.by_name(self.kind).lifecycle.ended

    def require_demands_kept(self, update: Update[R]) -> None:
        """Refuse a file by which a unit lowers a requirement on itself."""

    def further_faults(self, row: R, unread: Collection[str]) -> list[RowRefused]:
        """Return further faults of a row of which these fields could not be parsed."""
        return []

    @abstractmethod
    def year_of(self, row: R) -> int:
        """Return the year of the series in which the case is numbered."""

    @abstractmethod
    def rows_of(self, keys: Collection[int]) -> dict[int, R]:
        """Return these cases as rows of a ledger."""

    def days_of(self, keys: Collection[int]) -> Mapping[int, date]:
        """Return the days by which these cases are distinguished, if not that of the report."""
        return {}

    @abstractmethod
    def ends_at(self, row: R) -> datetime | None:
        """Return the end of the deadline that the row's office keeps; None if there is none."""

    @abstractmethod
    def merged(self, old: R, given: Given[R]) -> R:
        """Return the case after applying the row."""

    @abstractmethod
    def values(self, row: R) -> Mapping[str, object]:
        """Return the value of a row in each column of its ledger, in order."""

    def differences(self, old: R, new: R) -> list[FieldChange]:
        """Return what would change, field by field."""
        before, after = self.values(old), self.values(new)
        return [
            FieldChange(name, value, after[name])
            for name, value in before.items()
            if value != after[name]
        ]

    def beside(self, update: Update[R]) -> list[FieldChange]:
        """Return the values by which the case and the row are recognised, and those that differ."""
        before, after = self.values(update.old), self.values(update.new)
        # A hazard is identified by the day when it was found, not by that of the report.
        known = RECOGNISED - ({"reported_at"} if "found_date" in before else set())
        changed = {change.field for change in update.changes}
        names = update.judged.given.names
        names_in_row = {*(after if names is None else names), *WORKED_OUT, *changed}
        if update.judged.given.content.source_ref:
            # It may be in the column of our own numbers.
            names_in_row.add("source_ref")
        return [
            FieldChange(name, value, after[name] if name in names_in_row else None)
            for name, value in before.items()
            if name in changed or (name in known and (value or after[name]))
        ]

    @abstractmethod
    def write(self, new: Sequence[New[R]]) -> None:
        """Create the cases."""

    @abstractmethod
    def overwrite(self, update: Update[R]) -> None:
        """Change the case as its row requires, and nothing else."""

    def compared(self, rows: Sequence[tuple[Judged[R], KnownRow]]) -> list[Update[R]]:
        """Return what each row changes of the current case; may be empty."""
        olds = self.rows_of([held.pk for _, held in rows]) if rows else {}
        found = []
        for each, held in rows:
            old = olds[held.pk]
            merged = self.merged(old, each.given)
            found.append(Update(held, old, merged, each, self.differences(old, merged)))
        return found


def worded(updates: Sequence[Update[R]]) -> Iterator[Update[R]]:
    """Return the changes formatted for storage and display."""
    in_words = as_kept([update.changes for update in updates])
    for update, changes in zip(updates, in_words, strict=True):
        yield update._replace(changes=changes)


def loses_words(update: Update[R]) -> bool:
    """Whether the row would replace a remark by text from other cells, which only a remark may
    do.
    """
    words = update.judged.given.content.remark
    return words not in update.old.remark and words not in update.new.remark


def as_kept(listed: Sequence[Sequence[FieldChange]]) -> list[list[FieldChange]]:
    """Format lists of fields for storage and display: texts, and units by name."""
    units = {
        value for changes in listed for name, *both in changes if name in UNITS for value in both
    } - {None}
    names = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}

    def kept(name: str, value: object) -> str:
        return names[value] if name in UNITS and isinstance(value, int) else text_of(value)

    return [
        [FieldChange(name, kept(name, old), kept(name, new)) for name, old, new in changes]
        for changes in listed
    ]


def text_of(value: object) -> str:
    """Format a value for the journal: plain and independent of the language."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        at = localtime(value)
        return at.date().isoformat() if at.time() == time() else at.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
