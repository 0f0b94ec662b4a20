"""Protect what a second officer must confirm from changes by a ledger: who fixed it, who
verified it, when.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bihuan.cases.models import Case
from bihuan.core.history import RowFault, RowRefused
from bihuan.imports.rows import Update

ACCOUNT = frozenset({"resolver_name", "verifier_name", "verified_date", "unit"})


def waiting(updates: Sequence[Update[Any]]) -> frozenset[int]:
    """Return the cases whose closure waits for confirmation."""
    waits = Case.objects.filter(import_check=Case.ImportCheck.WAITING)
    return frozenset(
        waits.filter(pk__in=[each.held.pk for each in updates]).values_list("pk", flat=True)
    )


def require_kept(update: Update[Any]) -> None:
    """Refuse such changes; otherwise an officer could remove their own name from the row, or
    backdate it, and confirm it.
    """
    for change in update.changes:
        if change.field in ACCOUNT:
            raise RowRefused(RowFault.CLOSURE_WAITS, change.field)
