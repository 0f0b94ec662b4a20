"""The data of the forms for mediations, in addition to that of every kind of case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bihuan.mediations.actions.performance import PromiseOutcome
from bihuan.mediations.actions.proceedings import Promise
from bihuan.mediations.models import Performance, Session


@dataclass(frozen=True)
class TalksOptions:
    is_open: bool
    note: str


@dataclass(frozen=True)
class Meeting:
    meets_at: datetime
    place: str


@dataclass(frozen=True)
class MeetingRecord:
    session: Session
    record: str


@dataclass(frozen=True)
class DraftText:
    terms: str
    is_oral: bool
    promised: list[Promise]


@dataclass(frozen=True)
class Conclusion:
    effective_date: date
    note: str


@dataclass(frozen=True)
class PerformanceCheck:
    item: Performance
    outcome: PromiseOutcome
    again_date: date | None
    record: str


@dataclass(frozen=True)
class Question:
    """A question to the party with this slot."""

    slot: str
    note: str
