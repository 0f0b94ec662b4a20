"""What no ledger brings in again: rows of cases that were disposed of, and words that were erased
or corrected because the person who told them asked for it.

Kept are digests, each of which needs every word of the row, or its source's number and day.
See docs/decisions/0094-which-row-is-which.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from bihuan.cases.models import Case, Disposed, GoneRow, LinkedRow
from bihuan.cases.rows import ImportRow, digest
from bihuan.core.history import RowFault
from bihuan.sheets.ledger.rows import Judged
from bihuan.sheets.values import text
from bihuan.store.bulk import rows_with

# The words of a case that a row of a ledger may bring.
WORDS = ("title", "description", "place")
FAULTS = {
    GoneRow.Why.DISPOSED: RowFault.DISPOSED_OF,
    GoneRow.Why.AMENDED: RowFault.AMENDED,
}


def _by_words(kind: str, day: date, place: str, title: str, description: str) -> str:
    return digest("words", kind, day, place, title, description)


def _by_reference(kind: str, day: date, origin: int, ref: str) -> str:
    """Offices count from one again each year, so that the number alone says nothing."""
    return digest("reference", kind, day, origin, ref)


def keys_of_row(kind: str, each: Judged[Any]) -> list[str]:
    """By what a row of a file may be known to be gone, the surest first."""
    told: ImportRow = each.given.told
    day = told.reported_at.date()
    keys = [_by_words(kind, day, told.place, told.title, told.description)]
    if told.source_ref:
        keys.append(_by_reference(kind, day, told.origin, told.source_ref))
    return [*keys, told.full_key(), each.key]


def keys_of_case(case: Case, linked: Iterable[str], *, only_words: bool) -> Iterator[str]:
    """By what the rows of a case would be known again.

    `only_words` leaves out what somebody could find who does not have all the words.
    """
    day = localdate(case.reported_at)
    yield _by_words(case.kind, day, text(case.place), text(case.title), text(case.description))
    yield from linked
    if not case.source_ref:
        yield from filter(None, [case.source_key])
    elif not only_words:
        yield _by_reference(case.kind, day, case.origin_id, case.source_ref)


def linked_to(cases: Collection[Case]) -> dict[int, list[str]]:
    """The keys of the rows that somebody said to be these cases."""
    found: dict[int, list[str]] = {case.pk: [] for case in cases}
    for case, key in LinkedRow.objects.filter(case__in=found).values_list("case", "key"):
        found[case].append(key)
    return found


# ------------------------------------------------------------------- asked of rows
def gone(kind: str, rows: Sequence[Judged[Any]]) -> dict[int, RowFault]:
    """Which of these rows no file may bring in again, by their place in the list, and why."""
    if not rows or not GoneRow.objects.exists():
        return {}
    keys = [keys_of_row(kind, each) for each in rows]
    wanted = sorted({key for each in keys for key in each})
    known = dict(rows_with(GoneRow, "key", wanted, ("key", "why")))
    found = ((at, next((known[key] for key in each if key in known), None))
             for at, each in enumerate(keys))  # fmt: skip
    return {at: FAULTS[GoneRow.Why(why)] for at, why in found if why is not None}


def disposed_numbers(numbers: Sequence[str], units: Collection[int] | None) -> dict[str, RowFault]:
    """Those of these numbers whose case was disposed of; `units` are those in reach.

    Of one that was restricted, or that was of another unit, no more is said than that it is taken.
    """
    if not numbers:
        return {}
    found = rows_with(Disposed, "number", numbers, ("number", "unit", "is_restricted"))
    return {
        number: RowFault.OF_ANOTHER_UNIT
        if restricted or (units is not None and unit not in units)
        else RowFault.DISPOSED_OF
        for number, unit, restricted in found
    }
