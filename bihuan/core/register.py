"""A row of an office's register of grievances, suggestions or disputes: its stage and its
consistency.

A register contains the state of a matter, not its moves. Open matters start here at the first step;
ended ones are imported as ended, with their own dates; a row cannot express anything in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from bihuan.core import grievance, mediation, suggestion
from bihuan.core.history import RowFault, RowRefused


class RegisterFacts(NamedTuple):
    """The values of a row that the rules need."""

    title: str
    place: str
    reported_at: datetime
    stage: str  # only bihuan's own registers have it
    closed: bool | None
    adopted: bool | None
    answer: str
    ended_at: datetime | None
    deadline_date: date | None


@dataclass(frozen=True)
class Course:
    """Where rows of one kind of register start: open, or ended in one of several ways."""

    kind: str
    open: str
    closed: str
    ended: frozenset[str]
    needs_place: bool = False
    # For kinds that are adopted or not: the two end stages that the answer decides between.
    decided: dict[bool, str] = field(default_factory=dict)

    @property
    def stages(self) -> frozenset[str]:
        """Return the stages that a row may have."""
        return self.ended | {self.open}


_GRIEVANCE, _SUGGESTION, _MEDIATION = grievance.Stage, suggestion.Stage, mediation.Stage
COURSES = {
    course.kind: course
    for course in (
        Course(
            "grievance",
            open=_GRIEVANCE.RECEIVED,
            closed=_GRIEVANCE.CLOSED,
            ended=frozenset({_GRIEVANCE.CLOSED, _GRIEVANCE.REDIRECTED, _GRIEVANCE.WITHDRAWN}),
        ),
        Course(
            "suggestion",
            open=_SUGGESTION.RECEIVED,
            closed=_SUGGESTION.ADOPTED,
            ended=frozenset({_SUGGESTION.ADOPTED, _SUGGESTION.NOT_ADOPTED, _SUGGESTION.WITHDRAWN}),
            decided={True: _SUGGESTION.ADOPTED, False: _SUGGESTION.NOT_ADOPTED},
        ),
        # A dispute without parties is a noticed one, whatever the register calls it.
        Course(
            "mediation",
            open=_MEDIATION.NOTICED,
            closed=_MEDIATION.SETTLED,
            ended=frozenset({_MEDIATION.SETTLED}),
            needs_place=True,
        ),
    )
}


def stage_of(course: Course, facts: RegisterFacts) -> str:
    """Return the stage of the matter; raise `RowRefused` if the row does not determine it."""
    if facts.stage:
        return facts.stage
    if not facts.closed:
        return course.open
    if not course.decided:
        return course.closed
    if facts.adopted is None:
        raise RowRefused(RowFault.ADOPTED_UNSAID, "adopted")
    return course.decided[facts.adopted]


def check(course: Course, facts: RegisterFacts, stage: str, *, now: datetime) -> None:
    """Refuse a row that cannot be correct; each fault names the field to check."""
    ended = stage in course.ended
    for fault, name, is_so in _FAULTS:
        if is_so(facts, ended, now):
            raise RowRefused(fault, name)
    if stage not in course.stages:
        raise RowRefused(RowFault.STAGE_NOT_TOLD_BY_ROWS, "stage")
    if course.needs_place and not facts.place:
        raise RowRefused(RowFault.NO_PLACE, "place")
    if stage in course.decided.values() and not facts.answer:
        raise RowRefused(RowFault.ANSWER_UNSAID, "answer")


_FAULTS: tuple[tuple[RowFault, str, Callable[[RegisterFacts, bool, datetime], bool]], ...] = (
    (RowFault.NOTHING_FOUND, "description", lambda told, ended, now: not told.title),
    (RowFault.IN_THE_FUTURE, "reported_at", lambda told, ended, now: told.reported_at > now),
    (
        RowFault.DEADLINE_BEFORE_FOUND,
        "deadline",
        lambda told, ended, now: (
            told.deadline_date is not None and told.deadline_date < told.reported_at.date()
        ),
    ),
    (
        RowFault.STAGE_CONTRADICTED,
        "stage",
        lambda told, ended, now: told.closed is not None and told.closed is not ended,
    ),
    (
        RowFault.CLOSED_WITHOUT_DATE,
        "ended_at",
        lambda told, ended, now: ended and told.ended_at is None,
    ),
    (
        RowFault.OPEN_WITH_END,
        "ended_at",
        lambda told, ended, now: not ended and told.ended_at is not None,
    ),
    (
        RowFault.CLOSED_BEFORE_FOUND,
        "ended_at",
        lambda told, ended, now: told.ended_at is not None and told.ended_at < told.reported_at,
    ),
    (
        RowFault.IN_THE_FUTURE,
        "ended_at",
        lambda told, ended, now: told.ended_at is not None and told.ended_at > now,
    ),
)
