"""Carry out a confirmed list batch by batch, each in one transaction.

If a worker is killed in between, disposed cases are gone and the others are still on the list.
Every case is checked again before it is removed, regardless of who confirmed the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.cases import holding
from bihuan.cases.models import Case
from bihuan.core.retention import Entry, Schedule
from bihuan.journal.actions import record
from bihuan.retention import queries
from bihuan.retention.actions import removal
from bihuan.retention.models import Disposal, Item

DONE = "carry_out_disposal"
# How long a confirmed list can still be withdrawn.
GRACE = timedelta(days=7)
AT_ONCE = 100
# Number of cases in one turn of the worker, so that other jobs get their turn.
A_TURN = 2_000


def carry_out(*, now: datetime) -> Mapping[str, int]:
    """Continue with the lists that were confirmed long enough ago; return counts of what was
    done.
    """
    counts: Counter[str] = Counter()
    due = Disposal.objects.filter(
        confirmed_at__lte=now - GRACE, done_at=None, withdrawn_at=None
    ).order_by("confirmed_at", "pk")
    for pk in due.values_list("pk", flat=True):
        while counts["cases"] + counts["kept"] < A_TURN:
            done = _batch(pk, now)
            counts.update(done)
            if not done:
                break
    return counts


@transaction.atomic
def _batch(pk: int, now: datetime) -> Mapping[str, int]:
    """Return the next cases of the list; empty once it is done or was withdrawn."""
    row = Disposal.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if row.done_at or row.withdrawn_at:
        return {}
    waiting = row.items.filter(state=Item.State.WAITING)
    free = waiting.filter(queries.not_referred_to("case")).order_by("pk")
    chosen = list(free.values_list("case", flat=True)[:AT_ONCE])
    if not chosen:
        left = waiting.update(state=Item.State.LEFT, why=Item.Why.REFERRED_TO)
        _finish(row, now)
        return {"kept": left, "lists": 1}
    return _go(row, chosen, now)


def _go(row: Disposal, chosen: Collection[int], now: datetime) -> Mapping[str, int]:
    """Remove the cases that may be disposed of, and record for the others why not."""
    listed = queries.schedule()
    entry = listed.entry(row.retention)
    cases = Case.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk")
    locked = list(cases.select_related("owner"))
    holding.lock_units(locked)
    may = set(_may_go(chosen, entry, listed, now)) if entry else set()
    for case in locked:
        if case.pk not in may:
            why = _why_not(case, entry, now)
            row.items.filter(case=case).update(state=Item.State.LEFT, why=why)
    going = [case for case in locked if case.pk in may]
    files = removal.remove(going, row, now) if going else 0
    row.cases_gone, row.files_gone = row.cases_gone + len(going), row.files_gone + files
    row.save(update_fields=["cases_gone", "files_gone"])
    return {"cases": len(going), "files": files, "kept": len(locked) - len(going)}


def _may_go(
    chosen: Collection[int], entry: Entry, listed: Schedule, now: datetime
) -> Iterable[int]:
    found = Case.objects.filter(queries.disposable(entry, listed, now), pk__in=chosen)
    return found.values_list("pk", flat=True)


def _why_not(case: Case, entry: Entry | None, now: datetime) -> Item.Why:
    """Return the first rule that requires keeping the case."""
    here = Case.objects.filter(pk=case.pk)
    if case.ended_at is None:
        return Item.Why.OPEN
    if not here.filter(queries.not_held()).exists():
        return Item.Why.HELD
    if entry and entry.term.hand_over_after and not here.filter(queries.received()).exists():
        return Item.Why.NOT_HANDED_OVER
    return Item.Why.NOT_YET


def _finish(row: Disposal, now: datetime) -> None:
    removal.forget_notices(row)
    row.done_at = now
    row.save(update_fields=["done_at"])
    left = row.items.filter(state=Item.State.LEFT).count()
    detail = {"gone": row.cases_gone, "files": row.files_gone, "left": left}
    record(row.subject, DONE, by=None, at=now, detail=detail)
