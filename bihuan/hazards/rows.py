"""One hazard as a row of a ledger, imported and exported."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple

from django.utils.timezone import localtime

from bihuan.cases.models import Case
from bihuan.core import people
from bihuan.core.hazard import Stage
from bihuan.core.history import HistoryFacts
from bihuan.core.refusal import Refusal
from bihuan.imports.rows import full_key_of, key_of
from bihuan.orgs.models import User
from bihuan.sheets.values import text

# A centimetre; a float in a spreadsheet is precise enough for that.
DEGREE_DIGITS = 7


class NotFixedYetVerified(Refusal):
    """One cell says that the fix is not done, another who verified it and when."""


class LedgerRow(NamedTuple):
    """Everything that a ledger says of one hazard; times have the zone of the district."""

    title: str
    place: str
    owner: int
    origin: int
    reported_at: datetime
    found_date: date
    number: str = ""
    source_ref: str = ""
    description: str = ""
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None
    finder_name: str = ""
    grade: str = ""
    standard: str = ""
    measures: str = ""
    budget: Decimal | None = None
    deadline_date: date | None = None
    deadline_time: time | None = None
    contingency: str = ""
    resolver_name: str = ""
    progress: str = ""
    verifier_name: str = ""
    verified_date: date | None = None
    closed: bool | None = None
    ended_at: datetime | None = None
    stage: Stage | None = None
    rebounds: int = 0
    remark: str = ""

    @property
    def day(self) -> date:
        """Return the day by which it is distinguished from others."""
        return self.found_date

    def facts(self) -> HistoryFacts:
        return HistoryFacts(
            self.title,
            self.place,
            self.reported_at,
            self.stage,
            self.closed,
            self.ended_at,
            self.deadline_date,
            self.verified_date,
            self.measures,
            self.progress,
            self.grade,
            self.standard,
            self.resolver_name,
            self.verifier_name,
        )

    def digest(self) -> str:
        """Return a digest of the content, so that a row imported twice changes nothing."""
        return blake2b((_IN_ONE % self).encode(), digest_size=16).hexdigest()

    def key(self, ordinal: int = 0) -> str:
        return key_of(self, ordinal)

    def full_key(self) -> str:
        return full_key_of(self)


_IN_ONE = "\x1f".join(["%s"] * len(LedgerRow._fields))


def row_of(case: Case) -> LedgerRow:
    """Return the case as a row of a ledger; it must be loaded with its hazard, units and officers.

    With the precision of a ledger, so that it is unchanged after it was exported and imported.
    """
    hazard = case.hazard
    return LedgerRow(
        title=text(case.title),
        place=text(case.place),
        owner=case.owner_id,
        origin=case.origin_id,
        reported_at=_to_the_second(case.reported_at),
        found_date=hazard.found_date,
        number=case.number,
        source_ref=case.source_ref,
        description=text(case.description),
        category=text(case.category),
        latitude=_degrees(case.latitude),
        longitude=_degrees(case.longitude),
        finder_name=_named(hazard.finder_name, case.reported_by),
        grade=hazard.grade,
        standard=text(hazard.standard),
        measures=text(hazard.measures),
        budget=hazard.budget,
        deadline_date=hazard.deadline_date,
        deadline_time=hazard.deadline_time,
        contingency=text(hazard.contingency),
        resolver_name=_named(case.resolver_name, case.resolved_by),
        progress=text(hazard.progress),
        verifier_name=_named(case.verifier_name, case.verified_by),
        verified_date=hazard.verified_date,
        closed=case.stage in (Stage.CLOSED, Stage.RECHECKED),
        ended_at=_to_the_second(case.ended_at) if case.ended_at else None,
        stage=Stage(case.stage),
        rebounds=hazard.rebounds,
        remark=text(hazard.remark),
    )


def _named(written: str, officer: User | None) -> str:
    """Return the officer as a ledger is parsed, so that an exported name is imported unchanged."""
    name = written or (officer.name if officer else "")
    return people.read(text(name)).names or name


def _to_the_second(at: datetime) -> datetime:
    return localtime(at).replace(microsecond=0)


def _degrees(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DEGREE_DIGITS)


NAMED = ("hazard", "owner", "origin", "reported_by", "resolved_by", "verified_by")
