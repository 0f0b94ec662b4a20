"""Import rows of an office's register as cases of the kinds that have one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import F, Model

from bihuan.cases.actions import clocks, loop, words
from bihuan.cases.actions.loop import NewCase
from bihuan.cases.models import Case, LedgerNote
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import postponing
from bihuan.core.register import COURSES, check, stage_of
from bihuan.imports import register
from bihuan.imports.actions import row_intake
from bihuan.imports.register import RegisterRow
from bihuan.imports.rows import New, Update
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Given


class Waiting(NamedTuple):
    """The clocks that run on an open row from its import, with their rules."""

    rules: tuple[str, ...]
    jurisdiction: str = running.HOME


class Register(row_intake.Ledger[RegisterRow]):
    """A register being imported; a kind defines what it stores in addition to the case."""

    # ----------------------------------------------------------- defined by a kind
    @abstractmethod
    def own(self, case: Case, row: RegisterRow) -> Model:
        """Return the kind's own unsaved record of a new case."""

    @abstractmethod
    def waiting(self) -> Waiting:
        """Return the clocks of an open case."""

    def row_of(self, case: Case) -> RegisterRow:
        """Return the case as a row of a register."""
        return register.row_of(case)

    def change_own(self, case: Case, row: RegisterRow) -> None:
        """Apply the row's changes to the kind's own record."""

    named: tuple[str, ...] = register.NAMED

    # --------------------------------------------------------------- judging
    def stage_of(self, row: RegisterRow) -> str:
        course, facts = COURSES[self.kind], row.facts()
        stage = stage_of(course, facts)
        check(course, facts, stage, now=self.now)
        return stage

    def year_of(self, row: RegisterRow) -> int:
        return row.reported_at.year

    def rows_of(self, keys: Collection[int]) -> dict[int, RegisterRow]:
        cases = Case.objects.filter(pk__in=keys).select_related(*self.named)
        return {case.pk: self.row_of(case) for case in cases}

    def merged(self, old: RegisterRow, given: Given[RegisterRow]) -> RegisterRow:
        names = register.COLUMNS if given.names is None else given.names
        return register.merged(self.kind, old, given.content, names, given.emptied)

    def values(self, row: RegisterRow) -> Mapping[str, object]:
        return register.values(row)

    def ends_at(self, row: RegisterRow) -> datetime | None:
        return _deadline(row)

    # --------------------------------------------------------------- writing
    def write(self, new: Sequence[New[RegisterRow]]) -> None:
        cases, around, started = [], [], []
        for each in new:
            row, judged = each.judged.given.content, each.judged
            case = self._case(each)
            rows = self._running(row, judged.stage)
            case.due_at, case.is_due_provisional = clocks.first_due(rows, _deadline(row))
            cases.append(case)
            around.append(self.own(case, row))
            clocks.belong(rows, case)
            started += rows
        Case.objects.bulk_create(cases)
        type(around[0])._default_manager.bulk_create(around)
        LedgerNote.objects.bulk_create(
            _note(case.pk, each.judged.given.content) for case, each in zip(cases, new, strict=True)
        )
        Clock.objects.bulk_create(started)
        words.leave_for_later(new[0].pk, new[-1].pk)

    def _case(self, new: New[RegisterRow]) -> Case:
        row, judged = new.judged.given.content, new.judged
        case = loop.unsaved_case(
            NewCase(
                kind=self.kind,
                number=new.number,
                stage=judged.stage,
                title=row.title,
                description=row.description,
                category=row.category,
                place=row.place,
                owner=Unit(pk=row.owner),
                origin=Unit(pk=row.origin),
                channel=Case.Channel.IMPORT,
                reported_at=row.reported_at,
            )
        )
        case.pk, case.post_id = new.pk, judged.given.post
        case.ended_at, case.resolver_name = row.ended_at, row.resolver_name
        case.source_ref = row.source_ref
        case.source_key, case.source_digest = judged.key, judged.digest
        return case

    def _running(self, row: RegisterRow, stage: str) -> list[Clock]:
        """Start the waiting clocks at the import; the register's own deadline counts from the
        receipt.
        """
        if stage in COURSES[self.kind].ended:
            return []
        rules, jurisdiction = self.waiting()
        rows = clocks.first_of(rules, self.now, jurisdiction=jurisdiction)
        if row.deadline_date is not None:
            rows.append(self._told_deadline(row, row.deadline_date))
        return rows

    def _told_deadline(self, row: RegisterRow, day: date) -> Clock:
        return running.begun_towards(clocks.REGISTERED, row.reported_at, day, seen_at=self.now)

    def overwrite(self, update: Update[RegisterRow]) -> None:
        case = Case.objects.get(pk=update.held.pk)
        row, old = update.new, update.old
        stage = self.stage_of(row)
        changed: dict[str, Any] = {
            name: value for name, value in _fields(row).items() if value != getattr(case, name)
        }
        if stage != case.stage:
            changed["stage"] = stage
            _stop_all(case, row, self.now)
        elif row.deadline_date != old.deadline_date:
            later = postponing.is_later(_deadline(old), _deadline(row))
            rows = case.clocks.filter(rule_id=clocks.REGISTERED, stopped_at=None)
            clocks.clear(rows, self.now, missed=later)
            case.owner_id = row.owner
            changed |= self._begun_again(case, row)._asdict()
        Case.objects.filter(pk=case.pk).update(
            **changed,
            **({"source_key": update.judged.key} if update.relinks else {}),
            version=F("version") + 1,
            source_digest=update.judged.digest,
        )
        note = _note(case.pk, row)
        LedgerNote.objects.update_or_create(
            case=case, defaults={name: getattr(note, name) for name in NOTED}
        )
        self.change_own(case, row)
        words.leave_for_later(case.pk, case.pk)

    def _begun_again(self, case: Case, row: RegisterRow) -> clocks.CaseDue:
        """Restart the clock with the register's new deadline."""
        if row.deadline_date is not None:
            clock = self._told_deadline(row, row.deadline_date)
            clocks.belong([clock], case)
            clock.save()
        return clocks.first_due(running.of_subject(case.subject), case.due_at)


NOTED = ("progress", "remark", "deadline_date", "deadline_time")


def _note(case: int, row: RegisterRow) -> LedgerNote:
    return LedgerNote(case_id=case, **{name: getattr(row, name) for name in NOTED})


def _fields(row: RegisterRow) -> dict[str, Any]:
    """Return the case fields that a row sets."""
    return {
        "title": row.title,
        "description": row.description,
        "category": row.category,
        "place": row.place,
        "owner_id": row.owner,
        "origin_id": row.origin,
        "resolver_name": row.resolver_name,
        "reported_at": row.reported_at,
        "ended_at": row.ended_at,
        "source_ref": row.source_ref,
    }


def _deadline(row: RegisterRow) -> datetime | None:
    if row.deadline_date is None:
        return None
    return datetime.combine(
        row.deadline_date, row.deadline_time or time(23, 59, 59), row.reported_at.tzinfo
    )


def _stop_all(case: Case, row: RegisterRow, now: datetime) -> None:
    """Stop all clocks of a case that the register ends."""
    for clock in running.of_subject(case.subject):
        running.stop(clock, max(row.ended_at or now, clock.started_at))
