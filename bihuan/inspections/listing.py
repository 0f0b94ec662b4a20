"""The register of inspections (监督检查库): filters in the address, and the workbook of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.core.numerals import whole
from bihuan.inspections import queries
from bihuan.inspections.models import Inspection
from bihuan.inspections.queries import Inspections
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.sheets.writer import Heading, Value, write_table
from bihuan.sites import queries as sites

MOST_ROWS = 50_000
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
            words=asked.get("q", "").strip()[:LONGEST_WORDS],
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
    try:
        return date.fromisoformat(given) if len(given) == 10 and given < "9999" else None
    except ValueError:
        return None


def _start(on: date) -> datetime:
    return datetime.combine(on, time(), get_default_timezone())


# --------------------------------------------------------------------- workbook
def workbook(filters: Filters, user: User, now: datetime) -> BytesIO:
    """Write the inspections of the list; the columns name posts and units, and no person."""
    headings = [
        Heading(_("Number"), 16),
        Heading(_("Site"), 30),
        Heading(_("Place"), 30),
        Heading(pgettext("an inspection", "Kind"), 14),
        Heading(pgettext("an inspection", "Stage"), 10),
        Heading(_("Unit that inspects"), 24),
        Heading(_("Checklist"), 24),
        Heading(pgettext("an inspection", "Begun"), 18),
        Heading(pgettext("an inspection", "Ended"), 18),
        Heading(_("Failed items"), 10),
        Heading(_("Result"), 50),
    ]
    out = BytesIO()
    found = filters.found(user, now).order_by("-pk")[:MOST_ROWS]
    write_table(out, sheet=_("Inspections"), headings=headings, rows=_rows(found))
    out.seek(0)
    return out


def _rows(found: Inspections) -> Iterator[list[Value]]:
    for each in found.iterator(chunk_size=2000):
        yield [
            each.number,
            each.site.name,
            each.site.address,
            each.get_kind_display(),
            each.get_stage_display(),
            name_of(each.unit),
            str(each.checklist),
            _time(each.begun_at),
            _time(each.done_at or each.abandoned_at),
            each.failed_count if each.done_at else None,
            each.result or each.reason,
        ]


def _time(at: datetime | None) -> datetime | None:
    return localtime(at).replace(tzinfo=None, microsecond=0) if at else None
