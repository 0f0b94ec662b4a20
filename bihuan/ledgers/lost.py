"""What imports replaced in cases, as far as the journal shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bihuan.imports.known import UPDATE
from bihuan.journal import kept_values
from bihuan.journal.models import Entry, KeptValues
from bihuan.sheets.ledger import types

AT_ONCE = 500


@dataclass(frozen=True)
class Replaced:
    """An import that changed a case.

    `changes` are the fields with their values before and after; None if the old values are not
    stored, because the import is older than that feature, or because they were erased.
    """

    number: str
    kind: str
    at: datetime
    who: str
    file: str
    row: int | None
    changes: list[tuple[str, str, str]] | None

    @property
    def emptied(self) -> list[str]:
        """Return the fields that were cleared, if known."""
        return [name for name, old, new in self.changes or () if old and not new]


def replaced() -> Iterator[Replaced]:
    """Return every import that changed a case, oldest first."""
    entries = Entry.objects.filter(act=UPDATE, chain__subject__startswith="case/")
    ordered = entries.select_related("chain", "actor").order_by("at", "pk")
    found = ordered.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(found, AT_ONCE)):
        rows = kept_values.beside_all(batch)
        for entry in batch:
            yield _told(entry, rows.get((entry.chain_id, entry.seq)))


def _kind_of(number: str) -> str:
    series = number.partition("-")[0]
    return next((each.kind for each in types.every() if each.series == series), "")


def _told(entry: Entry, rows: KeptValues | None) -> Replaced:
    detail = json.loads(entry.detail or "{}")
    number = entry.chain.subject.partition("/")[2]
    return Replaced(
        number=number,
        kind=_kind_of(number),
        at=entry.at,
        who=entry.actor.name if entry.actor else "",
        file=str(detail.get("file", "")),
        row=detail.get("row"),
        changes=None if rows is None or rows.erased_at is not None else rows.changes,
    )
