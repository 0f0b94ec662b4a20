"""Rows of an office's ledger become cases or change them, many in one act.

What is the same for every kind of case: which row is which, what a row changes, and what no
ledger may change. A kind says what its rows hold and how they are written (`RowKind`).
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
from bihuan.imports.actions import (
    doubts,
    row_closures,
    row_deadlines,
    row_gone,
    row_links,
    row_sight,
)
from bihuan.imports.actions.doubts import Answered, Likely, Link, Pending
from bihuan.imports.actions.row_kind import RowKind, as_kept, loses_words, worded
from bihuan.imports.actions.row_numbers import RowNumbers, as_known
from bihuan.imports.known import IMPORT, UPDATE, held_by, known_rows, last_case, lock, worked_on
from bihuan.imports.rows import ImportRow, KnownRow, New, PostOf, Update
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


def nobody(told: ImportRow) -> None:
    """No post answers for what the row tells."""


class Ledger(RowKind[R]):
    """One file on its way in, batch by batch; it remembers which rows it has seen."""

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
        # The newest case when the import began, and the cases that rows were found to be.
        self._through: int | None = None
        self._linked: set[int] = set()
        # Who goes on with the work of units that were closed: one problem stays one case. But the
        # name of a closed unit opens nothing beyond the unit whose ledger it is.
        self._heirs = taken_over(top)

    # --------------------------------------------------------------- judging
    def judge(self, given: Given[R]) -> Judged[R]:
        """Which row this is, and how far its case has come; asks the database nothing.

        A row that cannot be true by itself may still say something of a case that is here.
        """
        told = given.told
        key, stage, fault = self._key(told), "", None
        try:
            stage = self.stage_of(told)
        except RowRefused as refusal:
            fault = refusal
        if self._units is not None and not self.has_ended(stage):
            # Nor is it checked by a unit that was closed; what ended stays.
            self._units.require_open("unit", told.owner)
            self._units.require_open("origin", told.origin)
        if given.post is None:
            given = given._replace(post=self.post_of(told))
        return Judged(given, stage, key, told.digest(), fault, told.number)

    def _key(self, told: R) -> str:
        """The row's key; like rows without the source's number are told apart by their turn."""
        base = told.key()
        if told.number:
            self._see_once("number", of_text(told.number))
        if told.source_ref:
            self._see_once("source_ref", of_key(base))
            return base
        ordinal = self._seen.add(of_key(base))
        if not ordinal:
            return base
        key = told.key(ordinal)
        self._seen.add(of_key(key))
        return key

    def _see_once(self, field: str, digest: int) -> None:
        if self._seen.add(digest):
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, field)

    # ---------------------------------------------------------------- taking
    def take(
        self, rows: Sequence[Judged[R]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        """Take a batch in, in one transaction; rows that cannot be are refused, one by one.

        Before the last batch was judged nobody knows which cases have a row of their own in the
        file: until then, rows that are like a case wait, and are given again.
        """
        given = self._numbers.count()
        try:
            return self._take(rows, dry_run, last)
        except IntegrityError:
            # Another import took the same rows meanwhile: now they are known.
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
        taken.counts[RowOutcome.UPDATED] += len(updates)
        return taken

    def _sorted(
        self, rows: Sequence[Judged[R]], taken: ImportResult
    ) -> tuple[list[tuple[Judged[R], KnownRow]], list[Judged[R]]]:
        """Rows whose number or key is known, each with its case, and rows that are not."""
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
        """Cases of which this officer learns no more than that the number is taken."""
        return row_sight.hidden(self.actor, known, heirs=self._heirs, now=self.now)

    def _ours_to_know(
        self, pairs: Sequence[tuple[Judged[R], KnownRow]], taken: ImportResult
    ) -> list[tuple[Judged[R], KnownRow]]:
        """Without the rows of cases that are hidden, which are refused."""
        hidden = self._hidden([held for _, held in pairs])
        taken.refused += [
            (each.given.row, _OF_OTHERS) for each, held in pairs if held.number in hidden
        ]
        return [pair for pair in pairs if pair[1].number not in hidden]

    # -------------------------------------------------------------- doubting
    def _parted(
        self, updates: Sequence[Update[R]], taken: ImportResult
    ) -> tuple[list[Update[R]], list[Pending[R]]]:
        """Updates of the same problem, and rows that share no more than a number with their case.

        What was once answered to be a case of its own is known by number and words together.
        """
        certain, doubtful = [], []
        for update in updates:
            if doubts.is_doubtful(update) and self._is_of_ours(update):
                each = update.judged._replace(key=update.judged.given.told.full_key())
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
        """Rows that are like nothing here, and those of which somebody may have to say."""
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
        """The cases that rows are like, but for those that have rows of their own in the file."""
        asked = [at for at, each in enumerate(rows) if not each.number]
        if not self._through or not asked:
            return {}
        found = doubts.likely(
            self.kind,
            [rows[at] for at in asked],
            through=self._through,
            days=self.days_of,
            heirs=self._heirs,
            is_out=lambda held: bool(held.key) and of_key(held.key) in self._seen,
            hidden=self._hidden,
        )
        return {asked[at]: like for at, like in found.items()}

    def _answered(self, pending: Sequence[Pending[R]], taken: ImportResult) -> Answered[R]:
        """What the answers make of the rows in doubt; where there is none, the row is refused."""
        answered = Answered[R](self.kind, self.answers, self._linked, taken)
        compared = self.compared([(each.judged, each.held) for each in pending])
        beside = as_kept([doubts.with_finders(each, self.beside(each)) for each in compared])
        for each, update, both in zip(pending, worded(compared), beside, strict=True):
            if answered.is_sure(each):
                answered.correct(each, update)
            else:
                answered.settle(each, update, both)
        return answered

    # -------------------------------------------------------------- changing
    def _differing(
        self, pairs: Sequence[tuple[Judged[R], KnownRow]], taken: ImportResult
    ) -> list[Update[R]]:
        """The rows that say something else than their cases."""
        rest = [
            (each, held) for each, held in pairs if each.digest != held.digest or each.given.emptied
        ]
        updates = [update for update in self.compared(rest) if update.changes]
        taken.counts[RowOutcome.UNCHANGED] += len(pairs) - len(updates)
        return updates

    def _locked(self, updates: Sequence[Update[R]], taken: ImportResult) -> list[Update[R]]:
        """The same, looked at again once nobody else can change the cases."""
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
        """Those that a ledger may make, in words; the others are refused."""
        updates = row_gone.without_restoring(self.kind, updates, taken)
        busy = worked_on([update.held.number for update in updates])
        bound = row_deadlines.bound(updates, self.actor, self.now, self.demands)
        waiting = row_closures.waiting(updates)
        kept = []
        for update in worded(updates):
            row, number = update.judged.given.row, update.held.number
            try:
                self._require_open(update, busy)
                if update.held.pk in waiting:
                    row_closures.require_kept(update)
                if update.held.pk in bound:
                    row_deadlines.require_kept(self.ends_at(update.old), self.ends_at(update.told))
                    self.require_demands_kept(update)
                ends = self.has_ended(self.stage_of(update.told))
            except RowRefused as refusal:
                taken.refused.append((row, refusal))
            else:
                kept.append(update)
                taken.ended += ends
                if loses_words(update):
                    taken.unkept.add(row)
                taken.changes += [
                    RowChange(row, self.kind, number, *change) for change in update.changes
                ]
        return kept

    def _require_open(self, update: Update[R], busy: Collection[str]) -> None:
        """No ledger changes a case of another unit, one taken up here, or one that has ended."""
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
        """Whether the unit that the row names, or one that it took over from, found the case, and
        not a row of this import."""
        found_by = self._heirs.get(update.held.origin, update.held.origin)
        named = update.judged.given.told.origin
        ours = found_by == self._heirs.get(named, named)
        return ours and not self._numbers.gave(update.held.number)

    # --------------------------------------------------------------- writing
    def _insert(self, rows: Sequence[Judged[R]]) -> None:
        if not rows:
            return
        numbers = self._numbers.give(
            [(each.number, self.year_of(each.given.told)) for each in rows]
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
        """The ledger says something else of cases that nobody has worked on here."""
        bound = row_deadlines.bound(updates, self.actor, self.now, self.demands)
        for update in updates:
            self.overwrite(update)
        row_deadlines.bind(updates, bound)
        self._note_ended(each for each in updates if self.has_ended(self.stage_of(each.told)))
        if updates:
            record_many(UPDATE, map(self._change, updates), by=self.actor, at=self.now, keep=True)

    def _note_ended(self, updates: Iterable[Update[R]]) -> None:
        """Keep what the ledger ends by itself for the list that the unit above is given."""
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
