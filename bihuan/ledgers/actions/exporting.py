"""A ledger written out: exactly the cases asked for, importable again without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from bihuan.cases import listing
from bihuan.cases.listing import Filters
from bihuan.cases.models import CaseQuerySet
from bihuan.core.hazard import HAZARD
from bihuan.hazards.ledger import NAMED, row_of
from bihuan.journal.actions import record
from bihuan.ledgers.fields import FIELDS, Value, says
from bihuan.orgs.models import Unit, User
from bihuan.sheets.writer import Heading, write_table

AT_ONCE = 2_000
SHEET = "隐患台账"


def chosen(asked: Mapping[str, str], user: User, now: datetime) -> CaseQuerySet:
    """The hazards that the ledger page shows this officer for this address, in its order.

    A workbook is handed round, so nothing confidential ever gets into one.
    """
    filters = Filters.of(asked)
    cases = listing.narrowed(user, filters, now)
    cases = cases.filter(kind=HAZARD.kind, is_confidential=False)
    return listing.in_order(cases, filters.order)


def is_long(asked: Mapping[str, str], user: User, now: datetime) -> bool:
    """Whether it has more rows than somebody should wait for; counts no further than that."""
    ahead = chosen(asked, user, now).values_list("pk")[: AT_ONCE + 1]
    return len(ahead) > AT_ONCE


def hand_out(
    out: Path | BinaryIO,
    *,
    asked: Mapping[str, str],
    actor: User,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write what the officer sees as a workbook; who took out what is on record."""
    rows = write_ledger(out, chosen(asked, actor, now), progress=progress)
    with transaction.atomic():
        detail = {"filter": dict(asked), "rows": rows}
        record(actor.subject, "export", by=actor, at=now, detail=detail)
    return rows


def write_ledger(
    out: Path | BinaryIO,
    cases: CaseQuerySet,
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write these cases in their order as a workbook, and count them."""
    headings = [Heading(field.title, field.width) for field in FIELDS]
    return write_table(out, sheet=SHEET, headings=headings, rows=_rows(cases, progress))


def _rows(cases: CaseQuerySet, progress: Callable[[int], None]) -> Iterator[Sequence[Value]]:
    # A unit is written by its name where that is enough, else by its code.
    names: dict[int, str] = {}
    units = Unit.objects.values_list("pk", "name", "code")
    shared = _shared([name for _, name, _ in units])
    for pk, name, code in units:
        names[pk] = code if name in shared else name
    loaded = cases.select_related(*NAMED).iterator(chunk_size=AT_ONCE)
    for done, case in enumerate(loaded, start=1):
        row = row_of(case)
        yield [says(field.name, row, names) for field in FIELDS]
        if done % AT_ONCE == 0:
            progress(done)


def _shared(names: Sequence[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]
