"""A ledger written out: exactly the cases asked for, importable again without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from bihuan.cases.models import CaseQuerySet
from bihuan.hazards.ledger import NAMED, row_of
from bihuan.ledgers.fields import FIELDS, Value, says
from bihuan.orgs.models import Unit
from bihuan.sheets.writer import Heading, write_table

AT_ONCE = 2_000
SHEET = "隐患台账"


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
