"""Rows of an office's ledger become cases or change them, many in one act.

What is the same for every kind of case: which row is which, what a row changes, and what no
ledger may change. A kind says what its rows hold and how they are written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Generic, TypeVar

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from bihuan.cases import queries
from bihuan.cases.actions import loop
from bihuan.cases.known import IMPORT, UPDATE, known_rows, lock, worked_on
from bihuan.cases.models import Case, Numbering
from bihuan.cases.rows import (
    FieldChange,
    Given,
    Held,
    Judged,
    New,
    Outcome,
    PostOf,
    Row,
    RowChange,
    Taken,
    Update,
)
from bihuan.core.history import RowFault, RowRefused
from bihuan.journal.actions import Change, record_first_of_many, record_many
from bihuan.orgs.models import Unit, User
from bihuan.store.bulk import lazily_durable, reserve_ids

R = TypeVar("R", bound=Row)

# The columns whose values are units.
UNITS = ("unit", "origin")
_OF_OTHERS = RowRefused(RowFault.OF_ANOTHER_UNIT, "number")


def nobody(told: Row) -> None:
    """No post answers for what the row tells."""


class Ledger(ABC, Generic[R]):
    """One file on its way in, batch by batch; it remembers which rows it has seen."""

    kind: str

    def __init__(
        self, *, actor: User | None, now: datetime, source: str, post_of: PostOf[R] = nobody
    ) -> None:
        self.actor, self.now, self.source = actor, now, source
        self.post_of = post_of
        self._seen: Counter[str] = Counter()
        self._given_out = _GivenOut()

    # ------------------------------------------------------ what a kind says
    @abstractmethod
    def stage_of(self, told: R) -> str:
        """How far the row's case has come, or `RowRefused` where the row cannot be true."""

    def besides(self, told: R, unread: Collection[str]) -> list[RowRefused]:
        """What cannot be true either in a row of which these fields could not be read."""
        return []

    @abstractmethod
    def year_of(self, told: R) -> int:
        """The year in whose series the case is numbered."""

    @abstractmethod
    def rows_of(self, keys: Collection[int]) -> dict[int, R]:
        """These cases as a ledger tells them."""

    @abstractmethod
    def merged(self, old: R, given: Given[R]) -> R:
        """The case as the row leaves it."""

    @abstractmethod
    def differences(self, old: R, new: R) -> list[FieldChange]:
        """Field by field what would change."""

    @abstractmethod
    def write(self, new: Sequence[New[R]]) -> None:
        """Make the cases."""

    @abstractmethod
    def overwrite(self, update: Update[R]) -> None:
        """Give the case what its row changes, and nothing else."""

    # --------------------------------------------------------------- judging
    def judge(self, given: Given[R]) -> Judged[R]:
        """Which row this is, and how far its case has come; asks the database nothing.

        A row that cannot be true by itself may still say something of a case that is here.
        """
        key, stage, fault = self._key(given.told), "", None
        try:
            stage = self.stage_of(given.told)
        except RowRefused as refusal:
            fault = refusal
        return Judged(given, stage, key, given.told.digest(), fault)

    def _key(self, told: R) -> str:
        """The row's key; like rows without the source's number are told apart by their turn."""
        base = told.key()
        if told.number:
            self._see_once("number", told.number)
        if told.source_ref:
            self._see_once("source_ref", base)
            return base
        ordinal = self._seen[base]
        self._seen[base] += 1
        return told.key(ordinal) if ordinal else base

    def _see_once(self, field: str, name: str) -> None:
        if self._seen[name]:
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, field)
        self._seen[name] += 1

    # ---------------------------------------------------------------- taking
    def take(self, rows: Sequence[Judged[R]], *, dry_run: bool = False) -> Taken:
        """Take a batch in, in one transaction; rows that cannot be are refused, one by one."""
        try:
            return self._take(rows, dry_run=dry_run)
        except IntegrityError:
            # Another import took the same rows meanwhile: now they are known.
            return self._take(rows, dry_run=dry_run)

    @transaction.atomic
    def _take(self, rows: Sequence[Judged[R]], *, dry_run: bool) -> Taken:
        lazily_durable()
        taken = Taken()
        known = known_rows(rows)
        shut = self._shut(known.values())
        new, again = [], []
        for each in rows:
            held = known.get(each.number) or known.get(each.key)
            if held is not None and held.number in shut:
                taken.refused.append((each.given.row, _OF_OTHERS))
            elif held is not None:
                again.append((each, held))
            elif each.fault is not None:
                taken.refused.append((each.given.row, each.fault))
            else:
                new.append(each)
        updates = self._changed(again, taken)
        if not dry_run:
            self._insert(new)
            self._update(updates)
        taken.counts[Outcome.CREATED] += len(new)
        taken.counts[Outcome.UPDATED] += len(updates)
        return taken

    def _shut(self, known: Iterable[Held]) -> frozenset[str]:
        """Cases of which this officer learns no more than that the number is taken."""
        if self.actor is None:
            return frozenset()
        return queries.shut_among(self.actor, [held.number for held in known], self.now)

    # -------------------------------------------------------------- changing
    def _changed(self, again: Sequence[tuple[Judged[R], Held]], taken: Taken) -> list[Update[R]]:
        """What the rows change of cases that are here, locked so that it stays so."""
        told_before = [
            each.digest == held.digest and not each.given.emptied for each, held in again
        ]
        rest = [pair for pair, same in zip(again, told_before, strict=True) if not same]
        # Looked at twice, so that only those are locked which do change.
        moving = [(update.judged, update.held) for update in self._differing(rest)]
        lock([held.pk for _, held in moving])
        updates = self._differing(moving)
        taken.counts[Outcome.UNCHANGED] += len(again) - len(updates)
        return self._allowed(updates, taken)

    def _differing(self, rows: Sequence[tuple[Judged[R], Held]]) -> list[Update[R]]:
        """The rows that say something else than their cases, as these are now."""
        olds = self.rows_of([held.pk for _, held in rows]) if rows else {}
        found = []
        for each, held in rows:
            old = olds[held.pk]
            told = self.merged(old, each.given)
            if changes := self.differences(old, told):
                found.append(Update(held, old, told, each, changes))
        return found

    def _allowed(self, updates: Sequence[Update[R]], taken: Taken) -> list[Update[R]]:
        """Those that a ledger may make, in words; the others are refused."""
        busy = worked_on([update.held.number for update in updates])
        kept = []
        for update in _worded(updates):
            row, number = update.judged.given.row, update.held.number
            try:
                self._require_open(update, busy)
                self.stage_of(update.told)
            except RowRefused as refusal:
                taken.refused.append((row, refusal))
            else:
                kept.append(update)
                taken.changes += [RowChange(row, number, *change) for change in update.changes]
        return kept

    def _require_open(self, update: Update[R], busy: Collection[str]) -> None:
        """No ledger changes a case of another unit, one taken up here, or one that has ended."""
        held = update.held
        if self._given_out.has(held.number):
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, "number")
        if held.origin != update.judged.given.told.origin:
            raise _OF_OTHERS
        if held.number in busy:
            raise RowRefused(RowFault.WORKED_ON, "number")
        if held.is_ended:
            raise RowRefused(RowFault.ENDED, "number")

    # --------------------------------------------------------------- writing
    def _insert(self, rows: Sequence[Judged[R]]) -> None:
        if not rows:
            return
        numbers = self._numbered(rows)
        ids = reserve_ids(Case, len(rows))
        new = [New(pk, number, each) for pk, number, each in zip(ids, numbers, rows, strict=True)]
        self.write(new)
        record_first_of_many(IMPORT, map(self._import, new), by=self.actor, at=self.now)

    def _numbered(self, rows: Sequence[Judged[R]]) -> list[str]:
        """A number for each row: its own where the file brings one, else the next of its year."""
        _skip_past([each.number for each in rows if each.number])
        years = [self.year_of(each.given.told) for each in rows]
        free = Counter(year for year, each in zip(years, rows, strict=True) if not each.number)
        given = loop.next_numbers(self.kind, free)
        self._given_out.note(given.values())
        blocks = {year: iter(numbers) for year, numbers in given.items()}
        return [each.number or next(blocks[y]) for y, each in zip(years, rows, strict=True)]

    def _import(self, new: New[R]) -> Change:
        return Change(
            f"case/{new.number}",
            after={"digest": new.judged.digest},
            detail={"to": new.judged.stage, **self._where(new.judged)},
        )

    def _where(self, judged: Judged[R]) -> dict[str, object]:
        return {"file": self.source, "row": judged.given.row}

    def _update(self, updates: Sequence[Update[R]]) -> None:
        """The ledger says something else of cases that nobody has worked on here."""
        for update in updates:
            self.overwrite(update)
        if updates:
            record_many(UPDATE, map(self._change, updates), by=self.actor, at=self.now, keep=True)

    def _change(self, update: Update[R]) -> Change:
        stage = next(({"to": new} for name, _, new in update.changes if name == "stage"), {})
        return Change(
            f"case/{update.held.number}",
            before={name: old for name, old, _ in update.changes},
            after={name: new for name, _, new in update.changes},
            detail={**stage, **self._where(update.judged)},
        )


class _GivenOut:
    """The numbers that one import gave to its own rows, as ranges of each series."""

    def __init__(self) -> None:
        self._ranges: list[tuple[str, int, int]] = []

    def note(self, blocks: Iterable[Sequence[str]]) -> None:
        for numbers in blocks:
            series, _, first = numbers[0].rpartition("-")
            self._ranges.append((series, int(first), int(first) + len(numbers) - 1))

    def has(self, number: str) -> bool:
        series, _, counted = number.rpartition("-")
        return any(
            series == given and first <= int(counted) <= last for given, first, last in self._ranges
        )


def _skip_past(numbers: Sequence[str]) -> None:
    """Numbers that a file brings are never given out again."""
    last: dict[str, int] = {}
    for number in numbers:
        series, _, counted = number.rpartition("-")
        last[series] = max(last.get(series, 0), int(counted))
    for series, highest in last.items():
        Numbering.objects.get_or_create(series=series)
        Numbering.objects.filter(series=series, last__lt=highest).update(last=highest)


# ----------------------------------------------------------------------- words
def _worded(updates: Sequence[Update[R]]) -> Iterable[Update[R]]:
    """The same with what changes as it is kept and shown: texts, units by their names."""
    units = {
        value
        for update in updates
        for name, *values in update.changes
        if name in UNITS
        for value in values
    }
    names = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}
    for update in updates:
        changes = [
            FieldChange(name, *(names[value] if name in UNITS else _text(value) for value in both))
            for name, *both in update.changes
        ]
        yield update._replace(changes=changes)


def _text(value: object) -> str:
    """A value as the journal keeps it: plain and the same in every language."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        at = localtime(value)
        return at.isoformat(" ", "minutes") if at.time() else at.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
