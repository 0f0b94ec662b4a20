"""Import rows of an office's hazard ledger as cases, many in one action.

An import of a hundred thousand rows bypasses the models on purpose: rows are built as tuples and
written by `store.bulk`. What the moves of the loop would check is checked by `core.history` and by
the constraints of the database.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F

from bihuan.cases.actions import clocks, words
from bihuan.cases.models import CASE_SUBJECT, Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import clocks as core_clocks
from bihuan.core import deadlines, history, places, postponing, rules
from bihuan.core.hazard import HAZARD, WITH_OWNER, Grade, Stage
from bihuan.hazards import merging
from bihuan.hazards.models import Hazard
from bihuan.hazards.rows import NAMED, LedgerRow, row_of
from bihuan.imports.actions import row_intake
from bihuan.imports.rows import New, Update
from bihuan.orgs.queries import beginnings
from bihuan.sheets.ledger.rows import Given

WAITS_FOR: dict[str, str] = {
    Stage.REPORTED: "LOC-1",
    Stage.CONFIRMED: "LOC-2",
    Stage.SUBMITTED: "LOC-3",
    Stage.VERIFIED: "LOC-8",
}


# The work has not been planned yet, so no deadline of the fix runs.
UNPLANNED = (Stage.REPORTED, Stage.CONFIRMED)


class Ledger(row_intake.Ledger[LedgerRow]):
    """A ledger of hazards being imported."""

    kind = HAZARD.kind
    demands = frozenset({"grade"})
    held = WITH_OWNER

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # Loaded beforehand: no queries are possible while rows are written.
        self._beginnings = beginnings()

    @cached_property
    def _zone(self) -> ZoneInfo:
        return running.zone()

    @cached_property
    def _rule(self) -> rules.Rule:
        return rules.rule("HAZ-5", on=running.local_date(self.now))

    def stage_of(self, row: LedgerRow) -> str:
        facts = row.facts()
        stage = history.stage_of(facts)
        history.check(facts, stage, now=self.now)
        return stage.value

    def further_faults(self, row: LedgerRow, unread: Collection[str]) -> list[history.RowRefused]:
        facts = row.facts()
        stage = history.stage_of(facts)
        return history.further_faults(facts, stage, unread=frozenset(unread), now=self.now)

    def year_of(self, row: LedgerRow) -> int:
        return row.reported_at.year

    def rows_of(self, keys: Collection[int]) -> dict[int, LedgerRow]:
        cases = Case.objects.filter(pk__in=keys).select_related(*NAMED)
        return {case.pk: row_of(case) for case in cases}

    def days_of(self, keys: Collection[int]) -> Mapping[int, date]:
        return dict(Hazard.objects.filter(pk__in=keys).values_list("pk", "found_date"))

    def merged(self, old: LedgerRow, given: Given[LedgerRow]) -> LedgerRow:
        names = merging.said_by(given.content) if given.names is None else given.names
        return merging.merged(old, given.content, names, given.emptied)

    def values(self, row: LedgerRow) -> Mapping[str, object]:
        return merging.values(row)

    def ends_at(self, row: LedgerRow) -> datetime | None:
        return None if row.stage in UNPLANNED else _due_at(row, self._zone)

    def require_demands_kept(self, update: Update[LedgerRow]) -> None:
        """On the page the level above is notified of a lower grade (decision 76); a file has no
        such page.
        """
        if any(name == "grade" and old == Grade.MAJOR for name, old, _ in update.changes):
            raise history.RowRefused(history.RowFault.DOWNGRADED, "grade")

    # -------------------------------------------------------------- writing
    def write(self, new: Sequence[New[LedgerRow]]) -> None:
        rows = [_Written.of(each) for each in new]
        self.insert(Case, CASE, map(self._case, rows))
        self.insert(Hazard, HAZARD_FIELDS, map(_hazard, rows))
        self.insert(Clock, CLOCK, self._clocks(rows))
        words.leave_for_later(new[0].pk, new[-1].pk)

    def overwrite(self, update: Update[LedgerRow]) -> None:
        """The two rows as they would be written are compared, so that nothing else is touched."""
        pk = update.held.pk
        old, new = (
            _Written(pk, update.held.number, row, str(row.stage), self.post_of(row))
            for row in (update.old, update.new)
        )
        new = new._replace(ends_here=old.stage not in history.CHECKED)
        case = _differing(CASE, self._case(old), self._case(new))
        case |= {"version": F("version") + 1, "source_digest": update.judged.digest}
        if update.relinks:
            case["source_key"] = update.judged.key
        self._mark(pk, new, {name: case.pop(name) for name in MARK if name in case})
        Case.objects.filter(pk=pk).update(**case)
        hazard = _differing(HAZARD_FIELDS, _hazard(old), _hazard(new))
        if hazard:
            Hazard.objects.filter(pk=pk).update(**hazard)
        if self._clock(new) != self._clock(old):
            rows = Clock.objects.filter(subject=CASE_SUBJECT + update.held.number, stopped_at=None)
            later = postponing.is_later(self.ends_at(update.old), self.ends_at(update.new))
            clocks.clear(rows, self.now, missed=later)
            self.insert(Clock, CLOCK, self._clocks([new]))
        words.leave_for_later(pk, pk)

    def _mark(self, pk: int, new: _Written, mark: Mapping[str, object]) -> None:
        """A closure that waits for confirmation keeps waiting while it counts as verified,
        whatever date the next file contains, and its importer stays the same.
        """
        cases = Case.objects.filter(pk=pk)
        if new.stage not in history.CHECKED:
            cases.update(import_check="", import_by=None)
        elif mark:
            cases.filter(import_check="").update(**mark)

    def _case(self, row: _Written) -> tuple[object, ...]:
        line, stage = row.content, row.stage
        point = places.point(line.latitude, line.longitude)
        return (
            row.pk, row.number, HAZARD.kind, stage, line.title,
            line.description, line.category, line.place, line.latitude, line.longitude,
            point.cell if point else None,
            line.owner, line.origin, row.post, line.resolver_name,
            line.verifier_name, "import", line.reported_at, line.reported_at,
            *self._due(line, stage), line.ended_at, 1,
            line.source_ref, row.key, row.digest, *self._second_look(row),
        )  # fmt: skip

    def _second_look(self, row: _Written) -> tuple[str, int | None]:
        """Return whether another officer must confirm it, and who imported it."""
        line, began = row.content, self._began(row.content)
        # What was open here is closed today, whatever date the file contains.
        day = running.local_date(self.now) if row.ends_here else _checked_on(line)
        if not history.needs_second_look(Stage(row.stage), day, began):
            return "", None
        return Case.ImportCheck.WAITING.value, self.actor.pk if self.actor else None

    def _began(self, row: LedgerRow) -> date | None:
        """Return when the unit that found it or the one that fixed it began to work here,
        whichever is earlier.
        """
        days = (self._beginnings.get(row.owner), self._beginnings.get(row.origin))
        return min((day for day in days if day is not None), default=None)

    def _due(self, row: LedgerRow, stage: str) -> tuple[datetime | None, bool]:
        """Return when the case is due, and whether that is provisional."""
        rule_id = WAITS_FOR.get(stage)
        if rule_id is None:
            # The day that the office set: no holiday moves it.
            return _due_at(row, self._zone), False
        found, _row = self._waiting(rule_id)
        return found.due_at, found.is_provisional

    def _waiting(self, rule_id: str) -> tuple[running.Times, tuple[object, ...]]:
        """Return when a step that starts with the import is due, and its clock without the case."""
        rule = rules.rule(rule_id, on=running.local_date(self.now))
        clock = core_clocks.start(rule, self.now, zone=self._zone)
        return self._row_of(clock, rule_id, self.now)

    def _row_of(
        self, clock: core_clocks.Clock, rule_id: str, seen_at: datetime
    ) -> tuple[running.Times, tuple[object, ...]]:
        found = running.times(clock, seen_at)
        late = found.due_at + timedelta(seconds=1) if found.due_at < self.now else None
        row = (
            rule_id, clock.rule.version, found.calendar_version, clock.started_at, found.due_at,
            found.is_provisional, None, "running", json.dumps(clock.events_as_json()),
            found.next_at, seen_at, late,
        )  # fmt: skip
        return found, row

    def _clocks(self, rows: Iterable[_Written]) -> Iterator[tuple[object, ...]]:
        """Return the clocks of these rows as they are written."""
        for row in rows:
            clock = self._clock(row)
            if clock is not None:
                yield CASE_SUBJECT + row.number, row.content.owner, *clock

    def _clock(self, row: _Written) -> tuple[object, ...] | None:
        line, stage = row.content, row.stage
        if stage in HAZARD.ended:
            return self._ended_clock(line)
        if stage in WAITS_FOR:
            return self._waiting(WAITS_FOR[stage])[1]
        due_date = line.deadline_date
        if due_date is None:
            return None
        clock = core_clocks.start(self._rule, line.reported_at, zone=self._zone, due_date=due_date)
        # Overdue cases say so at once; only future events cause notices.
        return self._row_of(clock, "HAZ-5", self.now)[1]

    def _ended_clock(self, row: LedgerRow) -> tuple[object, ...] | None:
        due_at, ended_at = _due_at(row, self._zone), row.ended_at
        if due_at is None or ended_at is None:
            return None
        started = row.reported_at.isoformat()
        events = (
            f'[{{"act": "start", "at": "{started}", "due_date": "{row.deadline_date}"}},'
            f' {{"act": "stop", "at": "{ended_at.isoformat()}"}}]'
        )
        in_time = ended_at <= due_at
        return (
            "HAZ-5", self._rule.version, "", row.reported_at, due_at, False, ended_at,
            "met" if in_time else "missed", events, None, self.now,
            None if in_time else due_at + timedelta(seconds=1),
        )  # fmt: skip


class _Written(NamedTuple):
    """A row to be written: its values, its stage, its post and its key."""

    pk: int
    number: str
    content: LedgerRow
    stage: str
    post: int | None
    key: str = ""
    digest: str = ""
    # The case exists and was open until this row.
    ends_here: bool = False

    @classmethod
    def of(cls, new: New[LedgerRow]) -> _Written:
        given, judged = new.judged.given, new.judged
        return cls(
            new.pk, new.number, given.content, judged.stage, given.post, judged.key, judged.digest
        )


CASE = (
    "id", "number", "kind", "stage", "title", "description", "category", "place",
    "latitude", "longitude", "cell", "owner", "origin", "post", "resolver_name",
    "verifier_name", "channel", "reported_at", "round_at", "due_at", "is_due_provisional",
    "ended_at", "version", "source_ref", "source_key", "source_digest", "import_check", "import_by",
)  # fmt: skip
MARK = ("import_check", "import_by_id")
HAZARD_FIELDS = (
    "case", "grade", "found_date", "finder_name", "standard", "measures", "budget", "deadline_date",
    "deadline_time", "contingency", "progress", "remark", "verified_date", "rebounds",
)  # fmt: skip
CLOCK = (
    "subject", "unit", "rule_id", "rule_version", "calendar_version", "started_at", "due_at",
    "is_provisional", "stopped_at", "outcome", "events", "next_at", "seen_at", "overdue_at",
)  # fmt: skip


def _hazard(row: _Written) -> tuple[object, ...]:
    line = row.content
    return (
        row.pk, line.grade, line.found_date, line.finder_name, line.standard, line.measures,
        line.budget, line.deadline_date, line.deadline_time, line.contingency, line.progress,
        line.remark, line.verified_date, line.rebounds,
    )  # fmt: skip


def _checked_on(row: LedgerRow) -> date | None:
    return row.ended_at.date() if row.ended_at else row.verified_date


def _due_at(row: LedgerRow, zone: tzinfo) -> datetime | None:
    """Return the last second of the day, unless the source has a time."""
    if row.deadline_date is None:
        return None
    if row.deadline_time is None:
        return deadlines.due_on(row.deadline_date, zone)
    return datetime.combine(row.deadline_date, row.deadline_time, zone)


def _differing(
    names: Sequence[str], old: Sequence[object], new: Sequence[object]
) -> dict[str, Any]:
    """Return the fields whose values differ, by their database names."""
    return {
        f"{name}_id" if name in ("owner", "origin", "post", "import_by") else name: after
        for name, before, after in zip(names, old, new, strict=True)
        if before != after
    }
