"""What no ledger may import again: rows of disposed cases, and texts that were erased or corrected
at the reporter's request.

Only digests are stored, each of which needs all words of the row, or its source's number and day.
See docs/decisions/0094-which-row-is-which.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.utils.timezone import localdate

from bihuan.cases.models import Case, LinkedRow
from bihuan.core.sameness import digest
from bihuan.sheets.values import text

# The texts of a case that a row of a ledger may contain.
WORDS = ("title", "description", "place")


def by_words(kind: str, day: date, place: str, title: str, description: str) -> str:
    return digest("words", kind, day, place, title, description)


def by_reference(kind: str, day: date, origin: int, ref: str) -> str:
    """Offices restart their numbers each year, so the number alone is not enough."""
    return digest("reference", kind, day, origin, ref)


def keys_of_case(case: Case, linked: Iterable[str], *, only_words: bool) -> Iterator[str]:
    """Return the keys by which the rows of a case would be recognised.

    `only_words` omits keys that could be found without having all the words.
    """
    day = localdate(case.reported_at)
    yield by_words(case.kind, day, text(case.place), text(case.title), text(case.description))
    yield from linked
    if not case.source_ref:
        yield from filter(None, [case.source_key])
    elif not only_words:
        yield by_reference(case.kind, day, case.origin_id, case.source_ref)


def linked_to(cases: Collection[Case]) -> dict[int, list[str]]:
    """Return the keys of the rows that were linked to these cases."""
    found: dict[int, list[str]] = {case.pk: [] for case in cases}
    for case, key in LinkedRow.objects.filter(case__in=found).values_list("case", "key"):
        found[case].append(key)
    return found
