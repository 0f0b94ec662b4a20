"""The register of inspections (监督检查库): filters in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.timezone import get_default_timezone

from bihuan.core.numerals import whole
from bihuan.inspections import queries
from bihuan.inspections.models import Inspection
from bihuan.inspections.queries import Inspections
from bihuan.orgs.models import User
from bihuan.sites import queries as sites

LONGEST_WORDS = 100


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what it cannot mean is left out."""

    words: str = ""
    stage: str = ""
    kind: str = ""
    site: int | None = None
    since: date | None = None
    until: date | None = None
    failed: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> Filters:
        return cls(
            words=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
            stage=_one_of(asked.get("stage", ""), Inspection.Stage.values),
            kind=_one_of(asked.get("kind", ""), Inspection.Kind.values),
            site=whole(asked.get("site", "")),
            since=_day(asked.get("since", "")),
            until=_day(asked.get("until", "")),
            failed=asked.get("failed") == "1",
        )

    @property
    def query(self) -> str:
        """The address of the same list."""
        given = {
            "q": self.words,
            "stage": self.stage,
            "kind": self.kind,
            "site": self.site,
            "since": self.since,
            "until": self.until,
            "failed": "1" if self.failed else "",
        }
        return urlencode({name: value for name, value in given.items() if value})

    def found(self, user: User, now: datetime) -> Inspections:
        """Return the inspections that the officer sees and that fit."""
        rows = queries.visible_to(user, now)
        if self.words:
            rows = _matching(rows, self.words, user, now)
        if self.stage:
            rows = rows.filter(stage=self.stage)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.site is not None:
            rows = rows.filter(site=self.site)
        if self.since:
            rows = rows.filter(made_at__gte=_start(self.since))
        if self.until:
            rows = rows.filter(made_at__lt=_start(self.until + timedelta(days=1)))
        return rows.filter(failed_count__gt=0) if self.failed else rows


def _matching(rows: Inspections, words: str, user: User, now: datetime) -> Inspections:
    """Return those with this number, or of sites with these words."""
    number = number_in(words)
    if number is not None:
        return rows.filter(pk=number)
    return rows.filter(site__in=sites.matching(user, words, now))


def number_in(words: str) -> int | None:
    """Return the key of the inspection with this number, such as "JC-2026-000012"."""
    start, _dash, last = words.strip().upper().rpartition("-")
    is_number = start.startswith("JC-") and last.isascii() and last.isdecimal()
    return int(last) if is_number and len(last) < 19 else None


def _one_of(given: str, known: Sequence[str]) -> str:
    return given if given in known else ""


def _day(given: str) -> date | None:
    """Return the day; None for one at the ends of the calendar, which other time zones lack."""
    try:
        is_within = len(given) == 10 and "0002" <= given < "9999"
        return date.fromisoformat(given) if is_within else None
    except ValueError:
        return None


def _start(on: date) -> datetime:
    return datetime.combine(on, time(), get_default_timezone())
