"""Erase the names and signatures of those who signed for a site, on their day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.core.inspection import Act
from bihuan.inspections.models import Signature
from bihuan.journal.actions import record
from bihuan.retention.models import Hold

AT_ONCE = 500


def erase_due(*, now: datetime) -> int:
    """Erase what is due, except for units whose records are held; each is journaled."""
    held = _held_paths()
    done, last = 0, 0
    while batch := list(_due(now).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for row in batch:
            if not row.inspection.unit.path.startswith(held):
                done += _erased(row, now)
        last = batch[-1].pk
    return done


def _due(now: datetime) -> QuerySet[Signature, Signature]:
    rows = Signature.objects.filter(erase_date__lte=localdate(now), erased_at=None)
    return rows.select_related("inspection__unit")


def _held_paths() -> tuple[str, ...]:
    holds = Hold.objects.filter(unit__isnull=False, lifted_at=None)
    return tuple(holds.values_list("unit__path", flat=True))


@transaction.atomic
def _erased(row: Signature, now: datetime) -> int:
    rows = Signature.objects.filter(pk=row.pk, erased_at=None)
    if not rows.update(name="", drawing="", erased_at=now):
        return 0
    record(row.inspection.subject, Act.ERASE, by=None, at=now, detail={"side": row.side})
    return 1
