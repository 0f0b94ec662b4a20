"""Import rows of an office's ledger as cases or changes to cases, many in one action.

This part is the same for every kind, which defines its rows and how to write them (`RowKind`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from bihuan.cases.models import Case, EndedByLedger
from bihuan.core.history import RowFault, RowRefused
from bihuan.core.tally import Tally, of_key, of_text
from bihuan.imports.actions import doubts, row_closures, row_gone, row_links, row_sight
from bihuan.imports.actions import row_deadlines as deadlines
from bihuan.imports.actions.doubts import Answered, Likely, Link, Pending
from bihuan.imports.actions.row_kind import RowKind, as_kept, loses_words, worded
from bihuan.imports.actions.row_numbers import RowNumbers, as_known
from bihuan.imports.known import IMPORT, UPDATE, held_by, known_rows, last_case, lock, worked_on
from bihuan.imports.rows import ImportRow, KnownRow, New, PostOf, Update, nobody
from bihuan.journal.actions import Change, record_first_of_many, record_many
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import taken_over
from bihuan.sheets.ledger.rows import (
    NO_ANSWERS,
    Answers,
    Doubt,
    Given,
    ImportResult,
    Judged,
    RowChange,
    RowOutcome,
)
from bihuan.sheets.ledger.units import Units
from bihuan.store.bulk import asynchronous_commit, insert_rows, reserve_ids

R = TypeVar("R", bound=ImportRow)

_OF_OTHERS = RowRefused(RowFault.OF_ANOTHER_UNIT, "number")


class Ledger(RowKind[R]):
    """One file being imported, batch by batch; stores which rows it has seen."""

    def __init__(
        self,
        *,
        actor: User | None,
        now: datetime,
        source: str,
        post_of: PostOf[R] = nobody,
        answers: Answers = NO_ANSWERS,
        top: Unit | None = None,
        batch: str = "",
        units: Units | None = None,
    ) -> None:
        self.actor, self.now, self.source = actor, now, source
        self._top, self._batch, self._units = top, batch, units
        self.post_of, self.answers = post_of, answers
        self._seen = Tally()
        self._numbers = RowNumbers(self.kind)
        # The newest case when the import began, and the cases that rows were matched to.
        self._through: int | None = None
        self._linked: set[int] = set()
        # The successors of closed units, whose names give no access beyond the ledger's unit.
        self._heirs = taken_over(top)

    # --------------------------------------------------------------- judging
    def judge(self, given: Given[R]) -> Judged[R]:
        """Identify the row, even a faulty one, and the stage of its case, without queries."""
        row = given.content
        key, stage, fault = self._key(row), "", None
        try:
            stage = self.stage_of(row)
        except RowRefused as refusal:
            fault = refusal
        if self._units is not None and not self.has_ended(stage):
            # It is not verified by a closed unit either; ended cases do not change.
            self._units.require_open("unit", row.owner)
            self._units.require_open("origin", row.origin)
        if given.post is None:
            given = given._replace(post=self.post_of(row))
        is_unheld = given.post is None and stage in self.held
        return Judged(given, stage, key, row.digest(), fault, row.number, is_unheld)

    def _key(self, row: R) -> str:
        """Return the row's key; equal rows without the source's number differ by their order."""
        base = row.key()
        if row.number:
            self._see_once("number", of_text(row.number))
        if row.source_ref:
            self._see_once("source_ref", of_key(base))
            return base
        ordinal = self._seen.add(of_key(base))
        if not ordinal:
            return base
        key = row.key(ordinal)
        self._seen.add(of_key(key))
        return key

    def _see_once(self, field: str, digest: int) -> None:
        if self._seen.add(digest):
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, field)

    # ---------------------------------------------------------------- taking
    def take(
        self, rows: Sequence[Judged[R]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        """Import a batch in one transaction; rows that cannot be correct are refused individually.

        Rows that resemble a case wait for the last batch: the case may have its own row there.
        """
        given = self._numbers.count()
        try:
            return self._take(rows, dry_run, last)
        except IntegrityError:
            # Another import created the same rows meanwhile: now they are known.
            self._numbers.forget(given)
            return self._take(rows, dry_run, last)

    @transaction.atomic
    def _take(self, rows: Sequence[Judged[R]], dry_run: bool, last: bool) -> ImportResult:
        asynchronous_commit()
        if self._through is None:
            self._through = last_case()
        taken = ImportResult()
        rows = row_gone.without_disposed(rows, self.actor, self.now, taken)
        pairs, unknown = self._sorted(
            as_known(rows, lambda key: self._seen.add(of_key(key))), taken
        )
        unknown = row_gone.without_gone(self.kind, unknown, taken)
        pairs = row_gone.without_amended(pairs, self.compared, taken)
        updates, doubtful = self._parted(self._differing(pairs, taken), taken)
        linked, unknown, doubtful = row_links.sorted_out(unknown, doubtful, self._hidden)
        updates += self._differing(linked, taken)
        new, pending = self._liked(unknown, doubtful)
        links: list[Link[R]] = []
        if last:
            answered = self._answered(pending, taken)
            new, updates = [*new, *answered.new], [*updates, *answered.updates]
            links = answered.links
        else:
            taken.waiting = [each.of_file for each in pending]
        updates = self._allowed(self._locked(updates, taken), taken)
        if not dry_run:
            self._insert(new)
            self._update(updates)
            row_links.keep(links, source=self.source, actor=self.actor, now=self.now)
        self._linked |= {update.held.pk for update in updates if update.relinks}
        taken.counts[RowOutcome.CREATED] += len(new)
        taken.created += [each.given.row for each in new]
        taken.counts[RowOutcome.UPDATED] += len(updates)
        return taken

    def _sorted(
        self, rows: Sequence[Judged[R]], taken: ImportResult
    ) -> tuple[list[tuple[Judged[R], KnownRow]], list[Judged[R]]]:
        """Separate rows whose number or key is known, each with its case, from the others."""
        known = known_rows(rows)
        hidden = self._hidden(known.values())
        rows = row_sight.beside(rows, known, hidden)
        pairs, unknown = [], []
        for each in rows:
            held = known.get(each.number) or known.get(each.key)
            if held is not None and held.number in hidden:
                taken.refused.append((each.given.row, _OF_OTHERS))
            elif held is not None:
                pairs.append((each, held))
            elif each.fault is not None:
                taken.refused.append((each.given.row, each.fault))
            else:
                unknown.append(each)
        return pairs, unknown

    def _hidden(self, known: Iterable[KnownRow]) -> frozenset[str]:
        """Return cases of which this officer may only learn that the number is taken."""
        return row_sight.hidden(self.actor, known, heirs=self._heirs, now=self.now)

    def _ours_to_know(
        self, pairs: Sequence[tuple[Judged[R], KnownRow]], taken: ImportResult
    ) -> list[tuple[Judged[R], KnownRow]]:
        """Return the rows without those of hidden cases, which are refused."""
        hidden = self._hidden([held for _, held in pairs])
        taken.refused += [
            (each.given.row, _OF_OTHERS) for each, held in pairs if held.number in hidden
        ]
        return [pair for pair in pairs if pair[1].number not in hidden]

    # -------------------------------------------------------------- doubting
    def _parted(
        self, updates: Sequence[Update[R]], taken: ImportResult
    ) -> tuple[list[Update[R]], list[Pending[R]]]:
        """Separate updates of the same problem from rows that share only a number with a case."""
        certain, doubtful = [], []
        for update in updates:
            if doubts.is_doubtful(update) and self._is_of_ours(update):
                each = update.judged._replace(key=update.judged.given.content.full_key())
                doubtful.append(Pending(each, update.held, Doubt.NUMBER, update.judged.key))
            else:
                certain.append(update)
        doubtful = row_gone.without_gone_doubts(self.kind, doubtful, taken)
        known = held_by("source_key", [each.judged.key for each in doubtful])
        pairs = [
            (each.judged, known[each.judged.key]) for each in doubtful if each.judged.key in known
        ]
        certain += self._differing(self._ours_to_know(pairs, taken), taken)
        return certain, [each for each in doubtful if each.judged.key not in known]

    def _liked(
        self, unknown: Sequence[Judged[R]], doubtful: Sequence[Pending[R]]
    ) -> tuple[list[Judged[R]], list[Pending[R]]]:
        """Separate rows that resemble no case from those that must be asked about."""
        liked = self._likely([*unknown, *(each.judged for each in doubtful)])
        new, pending = [], []
        for at, each in enumerate(unknown):
            if like := liked.get(at):
                pending.append(Pending(each, like.held, like.doubt, each.key, like.is_sure))
            else:
                new.append(each)
        for at, doubt in enumerate(doubtful, start=len(unknown)):
            if like := liked.get(at):
                doubt = doubt._replace(held=like.held, doubt=like.doubt, is_sure=like.is_sure)
            pending.append(doubt)
        return new, pending

    def _likely(self, rows: Sequence[Judged[R]]) -> dict[int, Likely]:
        """Return the cases that rows resemble, except those with rows of their own in the file."""
        unnumbered = [at for at, each in enumerate(rows) if not each.number]
        if not self._through or not unnumbered:
            return {}
        found = doubts.likely(
            self.kind,
            [rows[at] for at in unnumbered],
            through=self._through,
            days=self.days_of,
            heirs=self._heirs,
            is_out=lambda held: bool(held.key) and of_key(held.key) in self._seen,
            hidden=self._hidden,
        )
        return {unnumbered[at]: like for at, like in found.items()}

    def _answered(self, pending: Sequence[Pending[R]], taken: ImportResult) -> Answered[R]:
        """Apply the answers to the rows in doubt; without an answer, the row is refused."""
        answered = Answered[R](self.kind, self.answers, self._linked, taken)
        compared = self.compared([(each.judged, each.held) for each in pending])
        related = as_kept([doubts.with_finders(each, self.beside(each)) for each in compared])
        for each, update, both in zip(pending, worded(compared), related, strict=True):
            if answered.is_sure(each):
                answered.correct(each, update)
            else:
                answered.settle(each, update, both)
        return answered

    # -------------------------------------------------------------- changing
    def _differing(
        self, pairs: Sequence[tuple[Judged[R], KnownRow]], taken: ImportResult
    ) -> list[Update[R]]:
        """Return the rows that differ from their cases."""
        rest = [
            (each, held) for each, held in pairs if each.digest != held.digest or each.given.emptied
        ]
        updates = [update for update in self.compared(rest) if update.changes]
        taken.counts[RowOutcome.UNCHANGED] += len(pairs) - len(updates)
        return updates

    def _locked(self, updates: Sequence[Update[R]], taken: ImportResult) -> list[Update[R]]:
        """Compare them again once the cases are locked."""
        lock([update.held.pk for update in updates])
        compared = self.compared([(update.judged, update.held) for update in updates])
        again = [
            now._replace(relinks=before.relinks)
            for now, before in zip(compared, updates, strict=True)
            if now.changes
        ]
        taken.counts[RowOutcome.UNCHANGED] += len(updates) - len(again)
        return again

    def _allowed(self, updates: Sequence[Update[R]], taken: ImportResult) -> list[Update[R]]:
        """Return the changes that a ledger may make, formatted; the others are refused."""
        updates = row_gone.without_restoring(self.kind, updates, taken)
        busy = worked_on([update.held.number for update in updates])
        bound = deadlines.bound(updates, self.actor, self.now, self.demands)
        waiting = row_closures.waiting(updates)
        stored = []
        for update in worded(updates):
            row, number = update.judged.given.row, update.held.number
            try:
                self._require_open(update, busy)
                if update.held.pk in waiting:
                    row_closures.require_kept(update)
                if update.held.pk in bound:
                    deadlines.require_kept(self.ends_at(update.old), self.ends_at(update.new))
                    self.require_demands_kept(update)
                ends = self.has_ended(self.stage_of(update.new))
            except RowRefused as refusal:
                taken.refused.append((row, refusal))
            else:
                stored.append(update)
                taken.ended += ends
                if loses_words(update):
                    taken.unkept.add(row)
                taken.changes += [
                    RowChange(row, self.kind, number, *change) for change in update.changes
                ]
        return stored

    def _require_open(self, update: Update[R], busy: Collection[str]) -> None:
        """Refuse changes to a case of another unit, one taken up here, or one that has ended."""
        held = update.held
        if self._numbers.gave(held.number):
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, "number")
        if held.is_linked:
            raise RowRefused(RowFault.LINKED, "number", (held.number, ""))
        if not self._is_of_ours(update):
            raise _OF_OTHERS
        if held.number in busy:
            raise RowRefused(RowFault.WORKED_ON, "number")
        if held.is_ended:
            raise RowRefused(RowFault.ENDED, "number")

    def _is_of_ours(self, update: Update[R]) -> bool:
        """Whether the row's unit, or one it took over, found the case before this import."""
        found_by = self._heirs.get(update.held.origin, update.held.origin)
        named = update.judged.given.content.origin
        ours = found_by == self._heirs.get(named, named)
        return ours and not self._numbers.gave(update.held.number)

    # --------------------------------------------------------------- writing
    def _insert(self, rows: Sequence[Judged[R]]) -> None:
        if not rows:
            return
        numbers = self._numbers.give(
            [(each.number, self.year_of(each.given.content)) for each in rows]
        )
        ids = reserve_ids(Case, len(rows))
        new = [New(pk, number, each) for pk, number, each in zip(ids, numbers, rows, strict=True)]
        self.write(new)
        record_first_of_many(IMPORT, map(self._import, new), by=self.actor, at=self.now)

    def insert(
        self, model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows at once, past the models."""
        insert_rows(model, fields, rows)

    def _import(self, new: New[R]) -> Change:
        return Change(
            f"case/{new.number}",
            after={"digest": new.judged.digest},
            detail={"to": new.judged.stage, **self._where(new.judged)},
        )

    def _where(self, judged: Judged[R]) -> dict[str, object]:
        return {"file": self.source, "row": judged.given.row}

    def _update(self, updates: Sequence[Update[R]]) -> None:
        """Apply the ledger's changes to cases that no one has worked on here."""
        bound = deadlines.bound(updates, self.actor, self.now, self.demands)
        for update in updates:
            self.overwrite(update)
        deadlines.bind(updates, bound)
        self._note_ended(each for each in updates if self.has_ended(self.stage_of(each.new)))
        if updates:
            record_many(UPDATE, map(self._change, updates), by=self.actor, at=self.now, keep=True)

    def _note_ended(self, updates: Iterable[Update[R]]) -> None:
        """Record the cases that the ledger ends for the list sent to the unit above."""
        if self._top is None:
            return
        EndedByLedger.objects.bulk_create(
            EndedByLedger(
                case_id=update.held.pk, batch=self._batch, unit=self._top, member=self.actor,
                file=self.source[:255], ended_at=self.now,
            )
            for update in updates
        )  # fmt: skip

    def _change(self, update: Update[R]) -> Change:
        stage = next(({"to": new} for name, _, new in update.changes if name == "stage"), {})
        return Change(
            f"case/{update.held.number}",
            before={name: old for name, old, _ in update.changes},
            after={name: new for name, _, new in update.changes},
            detail={**stage, **self._where(update.judged)},
        )
