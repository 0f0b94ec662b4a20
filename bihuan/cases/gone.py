"""What no ledger brings in again: rows of cases that were disposed of, and words that were erased
or corrected because the person who told them asked for it.

Kept are digests, each of which needs every word of the row, or its source's number and day.
See docs/decisions/0094-which-row-is-which.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.utils.timezone import localdate

from bihuan.cases.models import Case, LinkedRow
from bihuan.core.sameness import digest
from bihuan.sheets.values import text

# The words of a case that a row of a ledger may bring.
WORDS = ("title", "description", "place")


def by_words(kind: str, day: date, place: str, title: str, description: str) -> str:
    return digest("words", kind, day, place, title, description)


def by_reference(kind: str, day: date, origin: int, ref: str) -> str:
    """Offices count from one again each year, so that the number alone says nothing."""
    return digest("reference", kind, day, origin, ref)


def keys_of_case(case: Case, linked: Iterable[str], *, only_words: bool) -> Iterator[str]:
    """By what the rows of a case would be known again.

    `only_words` leaves out what somebody could find who does not have all the words.
    """
    day = localdate(case.reported_at)
    yield by_words(case.kind, day, text(case.place), text(case.title), text(case.description))
    yield from linked
    if not case.source_ref:
        yield from filter(None, [case.source_key])
    elif not only_words:
        yield by_reference(case.kind, day, case.origin_id, case.source_ref)


def linked_to(cases: Collection[Case]) -> dict[int, list[str]]:
    """The keys of the rows that somebody said to be these cases."""
    found: dict[int, list[str]] = {case.pk: [] for case in cases}
    for case, key in LinkedRow.objects.filter(case__in=found).values_list("case", "key"):
        found[case].append(key)
    return found
