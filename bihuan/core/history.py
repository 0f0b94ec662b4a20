"""The history of a hazard as a row of an office's ledger tells it, and whether it is consistent.

A ledger contains the result, not the individual moves; these rules derive the stage reached.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from bihuan.core import people
from bihuan.core.hazard import HAZARD, Grade, Stage
from bihuan.core.legible import has_words
from bihuan.core.refusal import Refusal


class RowFault(StrEnum):
    """Why a row cannot be correct."""

    NOTHING_FOUND = "nothing_found"
    NO_PLACE = "no_place"
    NO_DATE = "no_date"
    IN_THE_FUTURE = "in_the_future"
    CLOSED_WITHOUT_DATE = "closed_without_date"
    CLOSED_BEFORE_FOUND = "closed_before_found"
    DEADLINE_BEFORE_FOUND = "deadline_before_found"
    OPEN_WITH_END = "open_with_end"
    STAGE_CONTRADICTED = "stage_contradicted"
    VERIFIED_BY_RESOLVER = "verified_by_resolver"
    NO_DEADLINE = "no_deadline"
    MAJOR_WITHOUT_STANDARD = "major_without_standard"
    TWICE_IN_THE_FILE = "twice_in_the_file"
    OF_ANOTHER_UNIT = "of_another_unit"  # the number belongs to a case that others found
    LINKED = "linked"  # it is a case from another source, and differs from it now
    UNIT_CLOSED = "unit_closed"  # open work cannot be assigned to a closed unit
    WORKED_ON = "worked_on"  # the case has progressed in the system and must be changed there
    ADOPTED_UNSAID = "adopted_unsaid"  # ended, but adopted or not?
    ANSWER_UNSAID = "answer_unsaid"
    STAGE_NOT_TOLD_BY_ROWS = "stage_not_told_by_rows"  # it requires documents that no row contains
    RESEMBLES = "resembles"  # it may be an existing case: the user must decide
    POSTPONED = "postponed"  # it postpones a deadline that binds the importing unit
    DOWNGRADED = "downgraded"  # a unit's own ledger downgrades a major hazard to a general one
    CLOSURE_WAITS = "closure_waits"  # a second officer must confirm who verified it and when
    ENDED = "ended"  # the case has ended: no ledger changes or reopens it
    DISPOSED_OF = "disposed_of"  # the case was disposed of after its retention period
    AMENDED = "amended"  # this text was erased or corrected at the reporter's request


class RowRefused(Refusal):
    """The row contradicts itself or lacks a required value; `field` is the field concerned."""

    def __init__(self, fault: RowFault, field: str, named: tuple[str, str] = ("", "")) -> None:
        super().__init__(fault, field, named)
        self.fault, self.field, self.named = fault, field, named


class HistoryFacts(NamedTuple):
    """The values of a row that the rules need."""

    title: str
    place: str
    reported_at: datetime
    stage: Stage | None  # only bihuan's own ledgers have it
    closed: bool | None
    ended_at: datetime | None
    deadline_date: date | None
    verified_date: date | None
    measures: str
    progress: str
    grade: str
    standard: str
    resolver_name: str
    verifier_name: str


def stage_of(facts: HistoryFacts) -> Stage:
    """Return the stage of the hazard if the ledger does not name it."""
    if facts.stage is not None:
        return facts.stage
    if facts.closed:
        return Stage.CLOSED
    if facts.verified_date and facts.verifier_name:
        return Stage.VERIFIED
    if facts.deadline_date is None:
        return Stage.CONFIRMED
    return Stage.RECTIFYING if facts.progress else Stage.ASSIGNED


def check(facts: HistoryFacts, stage: Stage, *, now: datetime) -> None:
    """Refuse a row that cannot be correct; each fault names the field to check."""
    for fault, field, is_so in _FAULTS:
        if is_so(facts, stage, now):
            raise RowRefused(fault, field)


def further_faults(
    facts: HistoryFacts, stage: Stage, *, unread: frozenset[str], now: datetime
) -> list[RowRefused]:
    """Return further faults of a row of which some fields could not be parsed."""
    return [
        RowRefused(fault, field)
        for fault, field, is_so in _FAULTS
        if fault in _RESTS_ON and not unread & _RESTS_ON[fault] and is_so(facts, stage, now)
    ]


def needs_second_look(stage: Stage, day: date | None, began: date | None) -> bool:
    """Whether a second officer must confirm the verification or closure in the ledger.

    Up to the day on which the unit `began` to work here it is history; if that day is unknown,
    everything is history.
    """
    return stage in CHECKED and began is not None and day is not None and day > began


CHECKED = (Stage.VERIFIED, Stage.CLOSED, Stage.RECHECKED)


def _undated(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    needs = stage in (Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED)
    return needs and facts.deadline_date is None


def _late_start(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return facts.deadline_date is not None and facts.deadline_date < facts.reported_at.date()


def _unjudged(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return facts.grade == Grade.MAJOR and not facts.standard and stage not in HAZARD.ended


def _own_check(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    """HAZ-8: in a ledger, too, no one who did the fix verified it, however the names are
    written.
    """
    if not facts.verifier_name or not facts.resolver_name:
        return False
    return bool(people.people(facts.verifier_name) & people.people(facts.resolver_name))


def _endless(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return stage in HAZARD.ended and facts.ended_at is None


def _contradicted(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    """bihuan's own ledgers have both the stage and yes or no, which must agree."""
    return facts.closed is not None and facts.closed is not (stage in _CLOSED)


def _ended_first(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return facts.ended_at is not None and facts.ended_at < facts.reported_at


def _open_with_end(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return facts.ended_at is not None and stage not in HAZARD.ended


def _verified_later(facts: HistoryFacts, stage: Stage, now: datetime) -> bool:
    if facts.verified_date is None or facts.verified_date < now.date():
        return False
    return facts.verified_date > now.astimezone(facts.reported_at.tzinfo).date()


_CLOSED = (Stage.CLOSED, Stage.RECHECKED)
_FAULTS: tuple[tuple[RowFault, str, Callable[[HistoryFacts, Stage, datetime], bool]], ...] = (
    (RowFault.NOTHING_FOUND, "description", lambda told, stage, now: not has_words(told.title)),
    (RowFault.NO_PLACE, "place", lambda told, stage, now: not has_words(told.place)),
    (RowFault.IN_THE_FUTURE, "reported_at", lambda told, stage, now: told.reported_at > now),
    (RowFault.DEADLINE_BEFORE_FOUND, "deadline", _late_start),
    (RowFault.MAJOR_WITHOUT_STANDARD, "standard", _unjudged),
    (RowFault.STAGE_CONTRADICTED, "stage", _contradicted),
    (RowFault.CLOSED_WITHOUT_DATE, "ended_at", _endless),
    (RowFault.CLOSED_BEFORE_FOUND, "ended_at", _ended_first),
    (
        RowFault.IN_THE_FUTURE,
        "ended_at",
        lambda told, stage, now: told.ended_at is not None and told.ended_at > now,
    ),
    (RowFault.OPEN_WITH_END, "ended_at", _open_with_end),
    (RowFault.IN_THE_FUTURE, "verified_date", _verified_later),
    (RowFault.NO_DEADLINE, "deadline", _undated),
    (RowFault.VERIFIED_BY_RESOLVER, "verifier_name", _own_check),
)
# Faults that are independent of other fields, and the fields that show them.
_RESTS_ON = {
    RowFault.DEADLINE_BEFORE_FOUND: frozenset(("deadline", "found_date", "reported_at")),
    RowFault.MAJOR_WITHOUT_STANDARD: frozenset(("grade", "standard", "closed", "stage")),
    RowFault.VERIFIED_BY_RESOLVER: frozenset(("resolver_name", "verifier_name")),
}
