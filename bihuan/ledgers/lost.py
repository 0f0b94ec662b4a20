"""What imports replaced in cases, as far as the journal can tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bihuan.cases.known import UPDATE
from bihuan.journal.models import Entry, KeptValues

AT_ONCE = 2_000


@dataclass(frozen=True)
class Replaced:
    """An import that changed a case.

    `changes` are the fields with what they said before and after; None where the old values are
    not kept, because the import ran before they were, or because they were erased.
    """

    number: str
    at: datetime
    who: str
    file: str
    row: int | None
    changes: list[tuple[str, str, str]] | None

    @property
    def emptied(self) -> list[str]:
        """The fields that were emptied, where it is known."""
        return [name for name, old, new in self.changes or () if old and not new]


def replaced() -> Iterator[Replaced]:
    """Every import that changed a case, the oldest first."""
    entries = Entry.objects.filter(act=UPDATE, chain__subject__startswith="case/")
    for entry in (
        entries.select_related("chain", "actor").order_by("at", "pk").iterator(chunk_size=AT_ONCE)
    ):
        detail = json.loads(entry.detail or "{}")
        kept = KeptValues.objects.filter(chain=entry.chain_id, seq=entry.seq).first()
        yield Replaced(
            number=entry.chain.subject.partition("/")[2],
            at=entry.at,
            who=entry.actor.name if entry.actor else "",
            file=str(detail.get("file", "")),
            row=detail.get("row"),
            changes=None if kept is None or kept.erased_at is not None else kept.changes,
        )
