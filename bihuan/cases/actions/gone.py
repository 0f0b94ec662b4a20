"""Record, without their text, which ledger rows may not be imported again."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.cases import gone
from bihuan.cases.models import Case, Exclusion, GoneRow


def remember(cases: Sequence[Case], why: GoneRow.Why) -> None:
    """For cases that are about to be removed, or whose text is."""
    linked = gone.linked_to(cases)
    barred = set(Exclusion.objects.filter(case__in=cases).values_list("case", flat=True))
    keys: set[str] = set()
    for case in cases:
        restricted = case.is_confidential or case.pk in barred
        keys.update(gone.keys_of_case(case, linked[case.pk], only_words=restricted))
    rows = [GoneRow(key=key, why=why) for key in sorted(keys)]
    GoneRow.objects.bulk_create(rows, ignore_conflicts=True)
