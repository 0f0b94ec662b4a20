"""Export a ledger: exactly the requested cases, importable again without loss.

Each kind of case has its own columns, so it is on a separate sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from bihuan.cases.models import CaseQuerySet
from bihuan.desk import listing, ordering
from bihuan.desk.listing import Filters
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.types import LedgerType, Value
from bihuan.sheets.writer import Heading, SheetTable, write_tables

AT_ONCE = 2_000


def chosen(chosen_filters: Mapping[str, str], user: User, now: datetime) -> CaseQuerySet:
    """Return the cases that the ledger page shows this officer for this URL, in its order.

    A workbook is passed around, so it never contains anything confidential.
    """
    filters = Filters.of(chosen_filters)
    cases = listing.narrowed(user, filters, now).filter(is_confidential=False)
    return ordering.sorted_by(cases, filters.order)


def is_long(filters: Mapping[str, str], user: User, now: datetime) -> bool:
    """Whether it has more rows than a user should wait for; counts no further than that."""
    ahead = chosen(filters, user, now).values_list("pk")[: AT_ONCE + 1]
    return len(ahead) > AT_ONCE


def hand_out(
    out: Path | BinaryIO,
    *,
    filters: Mapping[str, str],
    actor: User,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write what the officer sees as a workbook; the export is journaled."""
    columns = Filters.of(filters).export
    rows = write_ledger(out, chosen(filters, actor, now), columns, progress=progress)
    with transaction.atomic():
        detail = {"filter": dict(filters), "rows": rows}
        record(actor.subject, "export", by=actor, at=now, detail=detail)
    return rows


def write_ledger(
    out: Path | BinaryIO,
    cases: CaseQuerySet,
    columns: Sequence[str] = (),
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write these cases in order as a workbook, a sheet for each kind; return their number. Without
    `columns`, or if a kind has none of them, its sheet has all.
    """
    held = [each for each in types.every() if cases.filter(kind=each.kind).exists()]
    return write_sheets(
        out,
        [(each, cases.filter(kind=each.kind)) for each in held or [types.first()]],
        columns,
        progress=progress,
    )


def write_sheets(
    out: Path | BinaryIO,
    sheets: Sequence[tuple[LedgerType[Any], QuerySet[Any]]],
    columns: Sequence[str] = (),
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write these records as a workbook, a sheet for each type of ledger; return their number."""
    writing = _Writing(progress)
    return write_tables(out, [_table(ledger, rows, writing, columns) for ledger, rows in sheets])


def _table(
    ledger: LedgerType[Any], records: QuerySet[Any], writing: _Writing, columns: Sequence[str]
) -> SheetTable:
    fields = ledger.vocabulary.fields
    places = {field.name: n for n, field in enumerate(fields)}
    picked = [places[name] for name in columns if name in places] or [*range(len(fields))]
    headings = [Heading(fields[n].title, fields[n].width) for n in picked]
    lines = writing.rows(ledger, records)
    return SheetTable(ledger.sheet, headings, ([line[n] for n in picked] for line in lines))


class _Writing:
    """Writes rows of records, and reports the progress."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress, self._done = progress, 0
        # A unit is written by its name if that is unambiguous, else by its code.
        units = Unit.objects.values_list("pk", "name", "code")
        shared = _shared([name for _, name, _ in units])
        self._units = {pk: code if name in shared else name for pk, name, code in units}

    def rows(self, ledger: LedgerType[Any], records: QuerySet[Any]) -> Iterator[Sequence[Value]]:
        for line in ledger.lines(records, self._units):
            yield line
            self._done += 1
            if self._done % AT_ONCE == 0:
                self._progress(self._done)


def _shared(names: Sequence[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]
