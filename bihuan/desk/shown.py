"""One line of the ledger, as the database returns it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bihuan.cases.models import Case
from bihuan.core.deadlines import Due
from bihuan.desk import pages


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger: only what it shows."""

    pk: int
    number: str
    kind: str
    stage: str
    title: str
    place: str
    category: str
    due_at: datetime | None
    is_due_provisional: bool
    reported_at: datetime
    ended_at: datetime | None
    is_urgent: bool
    import_check: str
    owner__name: str
    owner__name_en: str
    post_id: int | None
    post__title: str | None
    post__title_en: str | None
    # Columns of some kinds only, in the order of `pages.ledger_paths`.
    own: tuple[object, ...] = ()

    @property
    def due(self) -> Due | None:
        return None if self.due_at is None else Due(self.due_at, self.is_due_provisional)


_SHARED = tuple(field.name for field in fields(LedgerLine) if field.name != "own")


def values(cases: QuerySet[Case, Case]) -> QuerySet[Case, Any]:
    """Return the values of these cases for the lines."""
    return cases.values_list(*_SHARED, *pages.ledger_paths())


def row(found: tuple[Any, ...]) -> LedgerLine:
    shared = dict(zip(_SHARED, found, strict=False))
    return LedgerLine(**shared, own=found[len(_SHARED) :])
