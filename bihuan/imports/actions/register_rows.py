"""Import rows of an office's register as cases of the kinds that have one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import F, Model

from bihuan.cases.actions import clocks, words
from bihuan.cases.models import Case, LedgerNote
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import postponing
from bihuan.core.register import COURSES, check, stage_of
from bihuan.imports import register
from bihuan.imports.actions import row_intake
from bihuan.imports.register import RegisterRow
from bihuan.imports.rows import New, Update
from bihuan.sheets.ledger.rows import Given


class Waiting(NamedTuple):
    """The clocks that run on an open row from its import, with their rules."""

    rules: tuple[str, ...]
    jurisdiction: str = running.HOME


class Register(row_intake.Ledger[RegisterRow]):
    """A register being imported; a kind defines what it stores in addition to the case."""

    # ----------------------------------------------------------- defined by a kind
    @abstractmethod
    def own(self, case: Case, told: RegisterRow) -> Model:
        """Return the kind's own unsaved record of a new case."""

    @abstractmethod
    def waiting(self) -> Waiting:
        """Return the clocks of an open case."""

    def row_of(self, case: Case) -> RegisterRow:
        """Return the case as a row of a register."""
        return register.row_of(case)

    def change_own(self, case: Case, told: RegisterRow) -> None:
        """Apply the row's changes to the kind's own record."""

    named: tuple[str, ...] = register.NAMED

    # --------------------------------------------------------------- judging
    def stage_of(self, told: RegisterRow) -> str:
        course, said = COURSES[self.kind], told.told()
        stage = stage_of(course, said)
        check(course, said, stage, now=self.now)
        return stage

    def year_of(self, told: RegisterRow) -> int:
        return told.reported_at.year

    def rows_of(self, keys: Collection[int]) -> dict[int, RegisterRow]:
        cases = Case.objects.filter(pk__in=keys).select_related(*self.named)
        return {case.pk: self.row_of(case) for case in cases}

    def merged(self, old: RegisterRow, given: Given[RegisterRow]) -> RegisterRow:
        said = register.COLUMNS if given.said is None else given.said
        return register.merged(self.kind, old, given.told, said, given.emptied)

    def values(self, row: RegisterRow) -> Mapping[str, object]:
        return register.values(row)

    def ends_at(self, row: RegisterRow) -> datetime | None:
        return _deadline(row)

    # --------------------------------------------------------------- writing
    def write(self, new: Sequence[New[RegisterRow]]) -> None:
        cases, around, started = [], [], []
        for each in new:
            told, judged = each.judged.given.told, each.judged
            case = self._case(each)
            rows = self._running(told, judged.stage)
            case.due_at, case.is_due_provisional = clocks.first_due(rows, _deadline(told))
            cases.append(case)
            around.append(self.own(case, told))
            clocks.belong(rows, case)
            started += rows
        Case.objects.bulk_create(cases)
        type(around[0])._default_manager.bulk_create(around)
        LedgerNote.objects.bulk_create(
            _note(case.pk, each.judged.given.told) for case, each in zip(cases, new, strict=True)
        )
        Clock.objects.bulk_create(started)
        words.leave_for_later(new[0].pk, new[-1].pk)

    def _case(self, new: New[RegisterRow]) -> Case:
        told, judged = new.judged.given.told, new.judged
        return Case(
            pk=new.pk,
            number=new.number,
            kind=self.kind,
            stage=judged.stage,
            channel=Case.Channel.IMPORT,
            round_at=told.reported_at,
            post_id=judged.given.post,
            source_key=judged.key,
            source_digest=judged.digest,
            **_fields(told),
        )

    def _running(self, told: RegisterRow, stage: str) -> list[Clock]:
        """Start the waiting clocks at the import; the register's own deadline counts from the
        receipt.
        """
        if stage in COURSES[self.kind].ended:
            return []
        rules, jurisdiction = self.waiting()
        rows = clocks.first_of(rules, self.now, jurisdiction=jurisdiction)
        if told.deadline_date is not None:
            rows.append(self._told_deadline(told, told.deadline_date))
        return rows

    def _told_deadline(self, told: RegisterRow, day: date) -> Clock:
        return running.begun_towards(clocks.REGISTERED, told.reported_at, day, seen_at=self.now)

    def overwrite(self, update: Update[RegisterRow]) -> None:
        case = Case.objects.get(pk=update.held.pk)
        told, old = update.told, update.old
        stage = self.stage_of(told)
        changed: dict[str, Any] = {
            name: value for name, value in _fields(told).items() if value != getattr(case, name)
        }
        if stage != case.stage:
            changed["stage"] = stage
            _stop_all(case, told, self.now)
        elif told.deadline_date != old.deadline_date:
            later = postponing.is_later(_deadline(old), _deadline(told))
            rows = case.clocks.filter(rule_id=clocks.REGISTERED, stopped_at=None)
            clocks.clear(rows, self.now, missed=later)
            case.owner_id = told.owner
            changed |= self._begun_again(case, told)._asdict()
        Case.objects.filter(pk=case.pk).update(
            **changed,
            **({"source_key": update.judged.key} if update.relinks else {}),
            version=F("version") + 1,
            source_digest=update.judged.digest,
        )
        note = _note(case.pk, told)
        LedgerNote.objects.update_or_create(
            case=case, defaults={name: getattr(note, name) for name in NOTED}
        )
        self.change_own(case, told)
        words.leave_for_later(case.pk, case.pk)

    def _begun_again(self, case: Case, told: RegisterRow) -> clocks.CaseDue:
        """Restart the clock with the register's new deadline."""
        if told.deadline_date is not None:
            clock = self._told_deadline(told, told.deadline_date)
            clocks.belong([clock], case)
            clock.save()
        return clocks.first_due(running.of_subject(case.subject), case.due_at)


NOTED = ("progress", "remark", "deadline_date", "deadline_time")


def _note(case: int, told: RegisterRow) -> LedgerNote:
    return LedgerNote(case_id=case, **{name: getattr(told, name) for name in NOTED})


def _fields(told: RegisterRow) -> dict[str, Any]:
    """Return the case fields that a row sets."""
    return {
        "title": told.title,
        "description": told.description,
        "category": told.category,
        "place": told.place,
        "owner_id": told.owner,
        "origin_id": told.origin,
        "resolver_name": told.resolver_name,
        "reported_at": told.reported_at,
        "ended_at": told.ended_at,
        "source_ref": told.source_ref,
    }


def _deadline(told: RegisterRow) -> datetime | None:
    if told.deadline_date is None:
        return None
    return datetime.combine(
        told.deadline_date, told.deadline_time or time(23, 59, 59), told.reported_at.tzinfo
    )


def _stop_all(case: Case, told: RegisterRow, now: datetime) -> None:
    """Stop all clocks of a case that the register ends."""
    for clock in running.of_subject(case.subject):
        running.stop(clock, max(told.ended_at or now, clock.started_at))
