"""Rows of an office's ledger become cases, many in one act.

An import of a hundred thousand rows goes round the models on purpose: rows are built as tuples
and written by `store.bulk`. What the moves of the loop would check is checked by
`core.history` and by the constraints of the database.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from bihuan.cases import queries
from bihuan.cases.actions import clocks, loop, words
from bihuan.cases.models import Case, Clock, Numbering
from bihuan.core import clocks as core_clocks
from bihuan.core import deadlines, history, places, rules
from bihuan.core.hazard import HAZARD, Stage
from bihuan.core.history import RowFault
from bihuan.hazards.ledger import NAMED, OWN_NUMBER, LedgerRow, row_of
from bihuan.hazards.models import Hazard
from bihuan.journal.actions import Change, record_first_of_many, record_many
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from bihuan.store.bulk import insert_rows, lazily_durable, reserve_ids, rows_with

IMPORT, UPDATE = "import", "update"
# What the ledger and the clock do to a case; any other act means that somebody worked on it.
NOBODYS_WORK = (IMPORT, UPDATE, "overdue", "escalate")
WAITS_FOR = {
    Stage.REPORTED: "LOC-1",
    Stage.CONFIRMED: "LOC-2",
    Stage.SUBMITTED: "LOC-3",
    Stage.VERIFIED: "LOC-8",
}


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Given(NamedTuple):
    """One row to take in: where it stands in the file, what it says, and its post if known."""

    row: int
    told: LedgerRow
    post: int | None = None


class Judged(NamedTuple):
    """A row that can be true: its stage, what makes it this row, and what it says in short."""

    given: Given
    stage: Stage
    key: str
    digest: str

    @property
    def number(self) -> str:
        return self.given.told.number


@dataclass
class Taken:
    """What became of the rows: how many of each outcome, and why some were refused."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: list[tuple[int, history.RowRefused]] = field(default_factory=list)


class Ledger:
    """One file on its way in, batch by batch; it remembers which rows it has seen."""

    def __init__(self, *, actor: User | None, now: datetime, source: str) -> None:
        self.actor, self.now, self.source = actor, now, source
        self._zone = clocks.zone()
        self._seen: Counter[str] = Counter()
        self._given_out: set[str] = set()
        self._rule = rules.rule("HAZ-5", on=clocks.local_date(now))

    # ------------------------------------------------------------- judging
    def judge(self, given: Given) -> Judged:
        """How far the row's hazard has come, or `RowRefused`; asks the database nothing."""
        told = given.told.told()
        stage = history.stage_of(told)
        history.check(told, stage, now=self.now)
        return Judged(given, stage, self._key(given.told), given.told.digest())

    def _key(self, told: LedgerRow) -> str:
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

    def _see_once(self, field_: str, name: str) -> None:
        if self._seen[name]:
            raise history.RowRefused(RowFault.TWICE_IN_THE_FILE, field_)
        self._seen[name] += 1

    # -------------------------------------------------------------- taking
    def take(self, rows: Sequence[Judged], *, dry_run: bool = False) -> Taken:
        """Take a batch in, in one transaction; rows that cannot be are refused, one by one."""
        try:
            return self._take(rows, dry_run=dry_run)
        except IntegrityError:
            # Another import took the same rows meanwhile: now they are known.
            return self._take(rows, dry_run=dry_run)

    @transaction.atomic
    def _take(self, rows: Sequence[Judged], *, dry_run: bool) -> Taken:
        lazily_durable()
        taken = Taken()
        known = _known(rows)
        shut = self._shut(known.values())
        new, again = [], []
        for each in rows:
            held = known.get(each.number) or known.get(each.key)
            if held is not None and held.number in shut:
                taken.refused.append((each.given.row, _OF_OTHERS))
            elif held is None:
                new.append(each)
            elif held.digest == each.digest:
                taken.counts[Outcome.UNCHANGED] += 1
            else:
                again.append((each, held))
        changed = self._movable(again, taken)
        if not dry_run:
            self._insert(new)
            self._update(changed)
        taken.counts[Outcome.CREATED] += len(new)
        taken.counts[Outcome.UPDATED] += len(changed)
        return taken

    def _shut(self, known: Iterable[_Held]) -> frozenset[str]:
        """Cases of which this officer learns no more than that the number is taken."""
        if self.actor is None:
            return frozenset()
        return queries.shut_among(self.actor, [held.number for held in known], self.now)

    def _movable(
        self, again: list[tuple[Judged, _Held]], taken: Taken
    ) -> list[tuple[Judged, _Held]]:
        """Those that the ledger may still change, locked so that it stays so."""
        if not again:
            return []
        keys = [held.pk for _, held in again]
        list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        acts = Entry.objects.filter(chain__subject__in=[f"case/{held.number}" for _, held in again])
        worked = acts.exclude(act__in=NOBODYS_WORK)
        worked_on = set(worked.values_list("chain__subject", flat=True))
        kept = []
        for each, held in again:
            fault = self._fixed(each, held, worked_on)
            if fault is None:
                kept.append((each, held))
            else:
                taken.refused.append((each.given.row, history.RowRefused(fault, "number")))
        return kept

    def _fixed(self, each: Judged, held: _Held, worked_on: set[str]) -> RowFault | None:
        """Why the ledger may not change this case."""
        if held.number in self._given_out:
            return RowFault.TWICE_IN_THE_FILE
        if held.origin != each.given.told.origin:
            return RowFault.OF_ANOTHER_UNIT
        return RowFault.WORKED_ON if f"case/{held.number}" in worked_on else None

    # ----------------------------------------------------------- inserting
    def _insert(self, rows: Sequence[Judged]) -> None:
        if not rows:
            return
        numbers = _numbered(rows)
        self._given_out.update(numbers)
        ids = reserve_ids(Case, len(rows))
        new = [_New(pk, number, each) for pk, number, each in zip(ids, numbers, rows, strict=True)]
        insert_rows(Case, CASE, map(self._case, new))
        insert_rows(Hazard, HAZARD_FIELDS, map(_hazard, new))
        insert_rows(Clock, CLOCK, filter(None, map(self._clock, new)))
        words.leave_for_later(ids[0], ids[-1])
        record_first_of_many(IMPORT, map(self._change, new), by=self.actor, at=self.now)

    def _case(self, new: _New) -> tuple[object, ...]:
        told, stage = new.judged.given.told, new.judged.stage
        cell = None
        if told.latitude is not None and told.longitude is not None:
            cell = places.cell(told.latitude, told.longitude)
        return (
            new.pk, new.number, HAZARD.kind, stage.value, told.grade, told.title,
            told.description, told.category, told.place, told.latitude, told.longitude, cell,
            told.owner, told.origin, new.judged.given.post, told.resolver_name,
            told.verifier_name, "import", told.reported_at, told.reported_at,
            self._waiting_due(stage) or _due_at(told, self._zone), told.ended_at, told.rebounds, 1,
            told.source_ref, new.judged.key, new.judged.digest,
        )  # fmt: skip

    def _waiting_due(self, stage: Stage) -> datetime | None:
        rule_id = WAITS_FOR.get(stage)
        return None if rule_id is None else self._waiting(rule_id)[0]

    def _waiting(self, rule_id: str) -> tuple[datetime, tuple[object, ...]]:
        """When a step that starts with the import is due, and its clock but for the case."""
        rule = rules.rule(rule_id, on=clocks.local_date(self.now))
        clock = core_clocks.start(rule, self.now, zone=self._zone)
        return self._row_of(clock, rule_id, self.now)

    def _row_of(
        self, clock: core_clocks.Clock, rule_id: str, seen_at: datetime
    ) -> tuple[datetime, tuple[object, ...]]:
        due_at = deadlines.binding(clock)
        assert due_at is not None, "a clock that just started stands still"
        upcoming = deadlines.next_instant(clock, seen_at)
        late = due_at + timedelta(seconds=1) if due_at < self.now else None
        row = (
            rule_id, clock.rule.version, "", clock.started_at, due_at, None, "running",
            json.dumps(clock.events_as_json()), upcoming and upcoming.at, seen_at, late,
        )  # fmt: skip
        return due_at, row

    def _clock(self, new: _New) -> tuple[object, ...] | None:
        told, stage = new.judged.given.told, new.judged.stage
        if stage in HAZARD.ended:
            return self._ended_clock(new.pk, told)
        if stage in WAITS_FOR:
            return new.pk, *self._waiting(WAITS_FOR[stage])[1]
        due_date = told.deadline_date
        if due_date is None:
            return None
        clock = core_clocks.start(self._rule, told.reported_at, zone=self._zone, due_date=due_date)
        # What is overdue already says so at once; only what is still to come will tell anybody.
        return new.pk, *self._row_of(clock, "HAZ-5", self.now)[1]

    def _ended_clock(self, pk: int, told: LedgerRow) -> tuple[object, ...] | None:
        due_at, ended_at = _due_at(told, self._zone), told.ended_at
        if due_at is None or ended_at is None:
            return None
        started = told.reported_at.isoformat()
        events = (
            f'[{{"act": "start", "at": "{started}", "due_date": "{told.deadline_date}"}},'
            f' {{"act": "stop", "at": "{ended_at.isoformat()}"}}]'
        )
        in_time = ended_at <= due_at
        return (
            pk, "HAZ-5", self._rule.version, "", told.reported_at, due_at, ended_at,
            "met" if in_time else "missed", events, None, self.now,
            None if in_time else due_at + timedelta(seconds=1),
        )  # fmt: skip

    def _change(self, new: _New) -> Change:
        return Change(
            f"case/{new.number}",
            after={"digest": new.judged.digest},
            detail={
                "to": new.judged.stage.value,
                "file": self.source,
                "row": new.judged.given.row,
            },
        )

    # ------------------------------------------------------------ updating
    def _update(self, rows: list[tuple[Judged, _Held]]) -> None:
        """The ledger says something else of a case that nobody has worked on here."""
        changes = []
        for each, held in rows:
            case = Case.objects.select_related(*NAMED).get(pk=held.pk)
            before = {"digest": case.source_digest}
            new = _New(held.pk, held.number, each)
            _overwrite(Case, held.pk, CASE, self._case(new), version=case.version + 1)
            _overwrite(Hazard, held.pk, HAZARD_FIELDS, _hazard(new))
            Clock.objects.filter(case=case).delete()
            insert_rows(Clock, CLOCK, filter(None, [self._clock(new)]))
            words.leave_for_later(held.pk, held.pk)
            changes.append(self._change(new)._replace(before=before))
        if changes:
            record_many(UPDATE, changes, by=self.actor, at=self.now)


_OF_OTHERS = history.RowRefused(RowFault.OF_ANOTHER_UNIT, "number")


class _New(NamedTuple):
    pk: int
    number: str
    judged: Judged


class _Held(NamedTuple):
    """What the database holds of a row that was seen before."""

    pk: int
    number: str
    origin: int
    digest: str


CASE = (
    "id", "number", "kind", "stage", "grade", "title", "description", "category", "place",
    "latitude", "longitude", "cell", "owner", "origin", "post", "resolver_name",
    "verifier_name", "channel", "reported_at", "round_at", "due_at", "ended_at", "rebounds",
    "version", "source_ref", "source_key", "source_digest",
)  # fmt: skip
HAZARD_FIELDS = (
    "case", "found_date", "finder_name", "standard", "measures", "budget", "deadline_date",
    "deadline_time", "contingency", "progress", "remark", "verified_date",
)  # fmt: skip
# What makes a case this case stays as it is when the ledger changes the rest.
KEPT = ("id", "case", "number", "source_key")
CLOCK = (
    "case", "rule_id", "rule_version", "calendar_version", "started_at", "due_at",
    "stopped_at", "outcome", "events", "next_at", "seen_at", "overdue_at",
)  # fmt: skip


def _hazard(new: _New) -> tuple[object, ...]:
    told = new.judged.given.told
    return (
        new.pk, told.found_date, told.finder_name, told.standard, told.measures, told.budget,
        told.deadline_date, told.deadline_time, told.contingency, told.progress, told.remark,
        told.verified_date,
    )  # fmt: skip


def _due_at(told: LedgerRow, zone: tzinfo) -> datetime | None:
    """The last second of the day, unless the source gives the hour."""
    if told.deadline_date is None:
        return None
    if told.deadline_time is None:
        return deadlines.due_on(told.deadline_date, zone)
    return datetime.combine(told.deadline_date, told.deadline_time, zone)


def _known(rows: Sequence[Judged]) -> dict[str, _Held]:
    """What is there already, by number and by key."""
    known: dict[str, _Held] = {}
    fields = ("source_key", "id", "number", "origin", "source_digest")
    found = rows_with(Case, "source_key", [each.key for each in rows], fields)
    for key, pk, number, origin, digest in found:
        known[key] = _Held(pk, number, origin, digest)
    numbers = [each.number for each in rows if each.number]
    if numbers:
        for case in Case.objects.filter(number__in=numbers).select_related(*NAMED):
            digest = row_of(case).digest()
            known[case.number] = _Held(case.pk, case.number, case.origin_id, digest)
    return known


def _numbered(rows: Sequence[Judged]) -> list[str]:
    """A number for each row: its own where the file brings one, else the next of its year."""
    _skip_past([each.number for each in rows if each.number])
    free = Counter(each.given.told.reported_at.year for each in rows if not each.number)
    given = loop.next_numbers(HAZARD.kind, free)
    blocks = {year: iter(numbers) for year, numbers in given.items()}
    return [each.number or next(blocks[each.given.told.reported_at.year]) for each in rows]


def _skip_past(numbers: Sequence[str]) -> None:
    """Numbers that a file brings are never given out again."""
    last: dict[str, int] = {}
    for number in numbers:
        if found := OWN_NUMBER.fullmatch(number):
            last[found[1]] = max(last.get(found[1], 0), int(found[2]))
    for series, highest in last.items():
        Numbering.objects.get_or_create(series=series)
        Numbering.objects.filter(series=series, last__lt=highest).update(last=highest)


def _overwrite(
    model: type[Case] | type[Hazard],
    pk: int,
    names: Sequence[str],
    values: Sequence[object],
    **changed: object,
) -> None:
    new: dict[str, Any] = dict(zip(names, values, strict=True)) | changed
    new = {f"{n}_id" if n in ("owner", "origin", "post") else n: v for n, v in new.items()}
    for name in KEPT:
        new.pop(name, None)
    model._default_manager.filter(pk=pk).update(**new)
