"""What a second officer has to confirm stays as it is in a ledger: who fixed, who checked, when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bihuan.cases.models import Case
from bihuan.cases.rows import Update
from bihuan.core.history import RowFault, RowRefused

ACCOUNT = frozenset({"resolver_name", "verifier_name", "verified_date", "unit"})


def waiting(updates: Sequence[Update[Any]]) -> frozenset[int]:
    """The cases whose closure waits to be confirmed."""
    waits = Case.objects.filter(import_check=Case.ImportCheck.WAITING)
    return frozenset(
        waits.filter(pk__in=[each.held.pk for each in updates]).values_list("pk", flat=True)
    )


def require_kept(update: Update[Any]) -> None:
    """Else an officer takes their own name out of the row, or dates it back, and confirms it."""
    for change in update.changes:
        if change.field in ACCOUNT:
            raise RowRefused(RowFault.CLOSURE_WAITS, change.field)
