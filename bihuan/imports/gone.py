"""Which rows no file may import again, and why (see `cases.gone`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from bihuan.cases.gone import by_reference, by_words
from bihuan.cases.models import GoneRow
from bihuan.core.history import RowFault
from bihuan.imports.known import disposed_among, gone_keys
from bihuan.imports.rows import ImportRow
from bihuan.sheets.ledger.rows import Judged

FAULTS = {
    GoneRow.Why.DISPOSED: RowFault.DISPOSED_OF,
    GoneRow.Why.AMENDED: RowFault.AMENDED,
}


def keys_of_row(kind: str, each: Judged[Any]) -> list[str]:
    """Return the keys by which a row of a file may be recognised, most reliable first."""
    row: ImportRow = each.given.content
    day = row.reported_at.date()
    keys = [by_words(kind, day, row.place, row.title, row.description)]
    if row.source_ref:
        keys.append(by_reference(kind, day, row.origin, row.source_ref))
    return [*keys, row.full_key(), each.key]


def gone(kind: str, rows: Sequence[Judged[Any]]) -> dict[int, RowFault]:
    """Return which of these rows no file may import again, by position, and why."""
    if not rows or not GoneRow.objects.exists():
        return {}
    keys = [keys_of_row(kind, each) for each in rows]
    wanted = sorted({key for each in keys for key in each})
    known = gone_keys(wanted)
    found = ((at, next((known[key] for key in each if key in known), None))
             for at, each in enumerate(keys))  # fmt: skip
    return {at: FAULTS[GoneRow.Why(why)] for at, why in found if why is not None}


def disposed_numbers(numbers: Sequence[str], units: Collection[int] | None) -> dict[str, RowFault]:
    """Return which of these numbers belong to disposed cases; `units` are those in reach.

    For a restricted case, or one of another unit, only the fact that the number is taken is
    revealed.
    """
    if not numbers:
        return {}
    found = disposed_among(numbers)
    return {
        number: RowFault.OF_ANOTHER_UNIT
        if restricted or (units is not None and unit not in units)
        else RowFault.DISPOSED_OF
        for number, unit, restricted in found
    }
