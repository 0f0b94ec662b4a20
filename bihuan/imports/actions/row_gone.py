"""Refuse rows that would restore disposed cases, or texts that were erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.timezone import localdate

from bihuan.cases import outside
from bihuan.cases.gone import WORDS
from bihuan.core.history import RowFault, RowRefused
from bihuan.imports import gone
from bihuan.imports.actions.doubts import Pending
from bihuan.imports.rows import ImportRow, KnownRow, Update
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.sheets.ledger.rows import ImportResult, Judged

R = TypeVar("R", bound=ImportRow)
Pairs = Sequence[tuple[Judged[R], KnownRow]]


def without_disposed(
    rows: Sequence[Judged[R]], actor: User | None, now: datetime, taken: ImportResult
) -> Sequence[Judged[R]]:
    """Return the rows without those that have the number of a disposed case, which are refused."""
    units = None if actor is None else access.working_scope(actor, localdate(now))
    faults = gone.disposed_numbers([each.number for each in rows if each.number], units)
    if not faults:
        return rows
    for each in rows:
        if fault := faults.get(each.number):
            _refuse(each, fault, taken, "number")
    return [each for each in rows if each.number not in faults]


def without_gone(kind: str, rows: Sequence[Judged[R]], taken: ImportResult) -> list[Judged[R]]:
    """Return the rows without those known to belong to a disposed case, or to contain erased
    text.
    """
    faults = gone.gone(kind, rows)
    for at, fault in faults.items():
        _refuse(rows[at], fault, taken)
    return [each for at, each in enumerate(rows) if at not in faults]


def without_gone_doubts(
    kind: str, doubtful: Sequence[Pending[R]], taken: ImportResult
) -> list[Pending[R]]:
    """Do the same for rows that share a number with a case and differ from it."""
    faults = gone.gone(kind, [each.judged for each in doubtful])
    for at, fault in faults.items():
        _refuse(doubtful[at].judged, fault, taken)
    return [each for at, each in enumerate(doubtful) if at not in faults]


def without_amended(
    pairs: Pairs[R],
    compared: Callable[[Pairs[R]], Sequence[Update[R]]],
    taken: ImportResult,
) -> list[tuple[Judged[R], KnownRow]]:
    """Return the rows without those whose text differs from a case that was erased or corrected.

    This includes the row from which the case was imported: it still has the old text.
    """
    amended = outside.reworded([held.pk for _, held in pairs])
    doubtful = [pair for pair in pairs if pair[1].pk in amended]
    refused = set()
    for update in compared(doubtful) if doubtful else ():
        if _touches(update, amended):
            _refuse(update.judged, RowFault.AMENDED, taken)
            refused.add(id(update.judged))
    return [pair for pair in pairs if id(pair[0]) not in refused]


def without_restoring(
    kind: str, updates: Sequence[Update[R]], taken: ImportResult
) -> Sequence[Update[R]]:
    """Return the rows without those that would restore such text, once the cases are locked."""
    wording = [update for update in updates if _changed(update) & set(WORDS)]
    if not wording:
        return updates
    amended = outside.reworded([update.held.pk for update in wording])
    faults = gone.gone(kind, [update.judged for update in wording])
    refused = set()
    for at, update in enumerate(wording):
        fault = RowFault.AMENDED if _touches(update, amended) else faults.get(at)
        if fault is not None:
            _refuse(update.judged, fault, taken)
            refused.add(id(update))
    return [update for update in updates if id(update) not in refused]


def _touches(update: Update[R], amended: dict[int, set[str]]) -> bool:
    return bool(_changed(update) & amended.get(update.held.pk, set()))


def _changed(update: Update[R]) -> set[str]:
    return {change.field for change in update.changes}


def _refuse(
    each: Judged[R], fault: RowFault, taken: ImportResult, field: str = "description"
) -> None:
    taken.refused.append((each.given.row, RowRefused(fault, field)))
