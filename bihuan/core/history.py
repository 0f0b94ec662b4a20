"""What a row of an office's ledger says about a hazard's past, and whether that can be.

A ledger tells the end of a story, not its moves; these rules say which stage it has reached.
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
    """Why a row cannot be true as it stands."""

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
    LINKED = "linked"  # it is a case that came in another way, and says something else now
    UNIT_CLOSED = "unit_closed"  # open work is given to no unit that was closed
    WORKED_ON = "worked_on"  # the case has moved on in the system; it is changed there
    ADOPTED_UNSAID = "adopted_unsaid"  # over, but adopted or not?
    ANSWER_UNSAID = "answer_unsaid"
    STAGE_NOT_TOLD_BY_ROWS = "stage_not_told_by_rows"  # it needs papers that no row brings
    RESEMBLES = "resembles"  # it may be a case that is here already: somebody has to say
    POSTPONED = "postponed"  # a deadline ends later, and it binds who says so
    DOWNGRADED = "downgraded"  # a major hazard becomes a general one by its own unit's ledger
    CLOSURE_WAITS = "closure_waits"  # somebody else has to confirm who checked it and when
    ENDED = "ended"  # the case is over: no ledger changes or reopens it
    DISPOSED_OF = "disposed_of"  # its time was over, and two officers had it destroyed
    AMENDED = "amended"  # these words were erased or corrected because somebody asked for it


class RowRefused(Refusal):
    """The row contradicts itself or lacks what every hazard has; `field` is where."""

    def __init__(self, fault: RowFault, field: str, named: tuple[str, str] = ("", "")) -> None:
        super().__init__(fault, field, named)
        self.fault, self.field, self.named = fault, field, named


class HistoryFacts(NamedTuple):
    """What the row says that the rules care about."""

    title: str
    place: str
    reported_at: datetime
    stage: Stage | None  # only ledgers of our own name it
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


def stage_of(told: HistoryFacts) -> Stage:
    """How far the hazard has come, when the ledger does not name the stage itself."""
    if told.stage is not None:
        return told.stage
    if told.closed:
        return Stage.CLOSED
    if told.verified_date and told.verifier_name:
        return Stage.VERIFIED
    if told.deadline_date is None:
        return Stage.CONFIRMED
    return Stage.RECTIFYING if told.progress else Stage.ASSIGNED


def check(told: HistoryFacts, stage: Stage, *, now: datetime) -> None:
    """Refuse a row that cannot be true; each fault names the field to look at."""
    for fault, field, is_so in _FAULTS:
        if is_so(told, stage, now):
            raise RowRefused(fault, field)


def besides(
    told: HistoryFacts, stage: Stage, *, unread: frozenset[str], now: datetime
) -> list[RowRefused]:
    """What cannot be true either in a row of which some fields could not be read."""
    return [
        RowRefused(fault, field)
        for fault, field, is_so in _FAULTS
        if fault in _RESTS_ON and not unread & _RESTS_ON[fault] and is_so(told, stage, now)
    ]


def needs_second_look(stage: Stage, day: date | None, began: date | None) -> bool:
    """Whether a second officer has to look at what the ledger says was checked or closed.

    It is history up to the day on which the unit `began` to work here; a unit of which nobody
    knows that has nothing but history.
    """
    return stage in CHECKED and began is not None and day is not None and day > began


CHECKED = (Stage.VERIFIED, Stage.CLOSED, Stage.RECHECKED)


def _undated(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    needs = stage in (Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED)
    return needs and told.deadline_date is None


def _late_start(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return told.deadline_date is not None and told.deadline_date < told.reported_at.date()


def _unjudged(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return told.grade == Grade.MAJOR and not told.standard and stage not in HAZARD.ended


def _own_check(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    """HAZ-8: in a ledger, too, none of those who fixed did the check, however they are written."""
    if not told.verifier_name or not told.resolver_name:
        return False
    return bool(people.people(told.verifier_name) & people.people(told.resolver_name))


def _endless(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return stage in HAZARD.ended and told.ended_at is None


def _contradicted(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    """A ledger of our own says it twice: by the stage, and by yes or no."""
    return told.closed is not None and told.closed is not (stage in _CLOSED)


def _ended_first(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return told.ended_at is not None and told.ended_at < told.reported_at


def _open_with_end(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    return told.ended_at is not None and stage not in HAZARD.ended


def _verified_later(told: HistoryFacts, stage: Stage, now: datetime) -> bool:
    if told.verified_date is None or told.verified_date < now.date():
        return False
    return told.verified_date > now.astimezone(told.reported_at.tzinfo).date()


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
# Faults that hold whatever else the row says, and the fields that show them.
_RESTS_ON = {
    RowFault.DEADLINE_BEFORE_FOUND: frozenset(("deadline", "found_date", "reported_at")),
    RowFault.MAJOR_WITHOUT_STANDARD: frozenset(("grade", "standard", "closed", "stage")),
    RowFault.VERIFIED_BY_RESOLVER: frozenset(("resolver_name", "verifier_name")),
}
