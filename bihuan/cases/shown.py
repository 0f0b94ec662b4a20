"""One line of the ledger, as the database gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.core.deadlines import Due


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger: only what it shows."""

    pk: int
    number: str
    kind: str
    stage: str
    grade: str
    title: str
    place: str
    category: str
    due_at: datetime | None
    is_due_provisional: bool
    reported_at: datetime
    ended_at: datetime | None
    rebounds: int
    is_urgent: bool
    import_check: str
    owner__name: str
    owner__name_en: str
    post__title: str | None
    post__title_en: str | None

    @property
    def due(self) -> Due | None:
        return None if self.due_at is None else Due(self.due_at, self.is_due_provisional)
