"""Which rows of a ledger are here already, and what a ledger must leave alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bihuan.cases.models import Case
from bihuan.cases.rows import Held, Judged
from bihuan.journal.models import ERASE, Entry
from bihuan.store.bulk import rows_with

IMPORT, UPDATE = "import", "update"
# What the ledger and the clock do to a case; any other act means that somebody worked on it.
NOBODYS_WORK = (IMPORT, UPDATE, ERASE, "overdue", "escalate")
_HELD = ("id", "number", "origin", "source_digest", "ended_at")


def known_rows(rows: Sequence[Judged[Any]]) -> dict[str, Held]:
    """What is there already, by number and by key."""
    known = _by("source_key", [each.key for each in rows])
    known.update(_by("number", [each.number for each in rows if each.number]))
    return known


def _by(field: str, values: Sequence[str]) -> dict[str, Held]:
    if not values:
        return {}
    found = rows_with(Case, field, values, (field, *_HELD))
    return {
        value: Held(pk, number, origin, digest, ended_at is not None)
        for value, pk, number, origin, digest, ended_at in found
    }


def lock(keys: Iterable[int]) -> None:
    """Hold these cases until the transaction ends."""
    wanted = sorted(keys)
    if wanted:
        list(
            Case.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk")
        )


def worked_on(numbers: Collection[str]) -> set[str]:
    """Those of these cases that somebody has taken up here."""
    if not numbers:
        return set()
    acts = Entry.objects.filter(chain__subject__in=[f"case/{number}" for number in numbers])
    worked = acts.exclude(act__in=NOBODYS_WORK).values_list("chain__subject", flat=True)
    return {subject.partition("/")[2] for subject in worked}
