"""Remove cases permanently: all their rows in every table, and files that no other record uses.

The tables are found from the models, so that a new one is not forgotten. Foreign keys are checked
at the commit (Django defers them on both engines), so the order is free, except that rows that lead
to a case through another table are deleted before that table's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from bihuan.cases.actions import gone
from bihuan.cases.models import Case, Disposed, Evidence, GoneRow
from bihuan.clocks.models import Clock
from bihuan.figures.actions import keeping as figures
from bihuan.files import actions as files
from bihuan.files.models import StoredFile
from bihuan.journal import actions as journal
from bihuan.journal.actions import Change
from bihuan.journal.models import KeptValues
from bihuan.notices import actions as notices
from bihuan.receipts.models import DisposedCode, SpentCode, TrackingCode
from bihuan.retention import queries
from bihuan.retention.models import Disposal, Hold

DISPOSE = "dispose"
# The path of rows that name the case by its journal subject.
BY_NAME = "subject"
MANY = 1_000


def remove(cases: Sequence[Case], row: Disposal, now: datetime) -> int:
    """Remove these cases except for their numbers and dates; return the number of files removed."""
    pks, subjects = [case.pk for case in cases], [case.subject for case in cases]
    restricted = set(
        Case.objects.filter(queries.restricted(), pk__in=pks).values_list("pk", flat=True)
    )
    _erase_old_values(subjects, row, now)
    _keep_codes(pks)
    gone.remember(cases, GoneRow.Why.DISPOSED)
    files_of = set(Evidence.objects.filter(case__in=pks).values_list("file", flat=True))
    others = Evidence.objects.filter(reused_from__case__in=pks).exclude(case__in=pks)
    others.update(reused_from=None)
    figures.settle(subjects)
    _remove_rows(cases)
    remains = [_remains(case, row, now, is_restricted=case.pk in restricted) for case in cases]
    Disposed.objects.bulk_create(remains)
    removed = _remove_files(files_of, now)
    detail = {"list": row.pk, "retention": row.retention}
    changes = [Change(subject, detail=detail) for subject in subjects]
    journal.record_many(DISPOSE, changes, by=None, at=now)
    return removed


def _erase_old_values(subjects: Collection[str], row: Disposal, now: datetime) -> None:
    rows = KeptValues.objects.filter(chain__subject__in=subjects, erased_at=None)
    for subject in sorted(set(rows.values_list("chain__subject", flat=True))):
        journal.erase_values(subject, by=None, at=now, note=row.subject)


def _keep_codes(pks: Collection[int]) -> None:
    """Keep enough of a code to tell its holder that the case is no longer kept."""
    own = TrackingCode.objects.filter(case__in=pks).values_list("code_hash", "quick_hash")
    spent = SpentCode.objects.filter(code__case__in=pks).values_list("code_hash", flat=True)
    hashes = [slow or quick for slow, quick in own] + list(spent)
    DisposedCode.objects.bulk_create(DisposedCode(code_hash=each) for each in hashes if each)


def _remains(case: Case, row: Disposal, now: datetime, *, is_restricted: bool) -> Disposed:
    assert case.ended_at is not None, "no open case is on its way here"
    return Disposed(
        number=case.number,
        kind=case.kind,
        unit=case.owner,
        reported_at=case.reported_at,
        ended_at=case.ended_at,
        retention=row.retention,
        retention_list=row.retention_list,
        is_restricted=is_restricted,
        under=row.subject,
        disposed_at=now,
    )


def forget_notices(row: Disposal) -> None:
    """Delete officers' notices about the cases of a list; once for all of them, because the
    search has no index.
    """
    gone = queries.every_one_gone(row)
    for start in range(0, len(gone), MANY):
        notices.forget(gone[start : start + MANY])


# ------------------------------------------------------------------------- rows
def _remove_rows(cases: Collection[Case]) -> None:
    for model, way in paths():
        rows = about(cases, model, way)
        if model is Hold:
            # An active one makes the database refuse.
            rows = rows.filter(lifted_at__isnull=False)
        # Delete by primary key: rows that Django would cascade to are not skipped here.
        keys = model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
        keys._raw_delete(keys.db)
    Case.objects.filter(pk__in=[case.pk for case in cases])._raw_delete("default")


def about(
    cases: Collection[Case], model: type[models.Model], way: str
) -> models.QuerySet[models.Model, Any]:
    """Return the rows of a table about these cases, found by one of the `paths`."""
    if way == BY_NAME:
        return model._base_manager.filter(subject__in=[case.subject for case in cases])
    return model._base_manager.filter(**{f"{way}__in": [case.pk for case in cases]})


@cache
def paths() -> tuple[tuple[type[models.Model], str], ...]:
    """Map every table about cases to each path to the case, longest first.

    A foreign key may be null where a row has another, so all paths are followed. Clocks have no
    foreign key to their subject, and name it as the journal does.
    """
    found: list[tuple[type[models.Model], str]] = []
    ahead: list[tuple[type[models.Model], str]] = [(Case, "")]
    while ahead:
        model, way = ahead.pop(0)
        for field in _referring(model):
            if field.model not in (Case, model):
                step = (field.model, f"{field.name}__{way}".removesuffix("__"))
                found.append(step)
                ahead.append(step)
    return (*sorted(found, key=lambda step: -step[1].count("__")), (Clock, BY_NAME))


def _referring(
    model: type[models.Model],
) -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    for each in model._meta.get_fields(include_hidden=True):
        if isinstance(each, ForeignObjectRel) and isinstance(each.field, models.ForeignKey):
            yield each.field


# ------------------------------------------------------------------------ files
def _remove_files(pks: Collection[int], now: datetime) -> int:
    """Delete the records that no other row refers to; their bytes are deleted after the commit.

    A file that was sent twice has a second record that no row refers to: it is found by its digest.
    """
    digests = StoredFile.objects.filter(pk__in=pks).values("sha256")
    free = StoredFile.objects.filter(sha256__in=digests)
    for field in _referring(StoredFile):
        named = field.model._base_manager.filter(**{field.name: OuterRef("pk")})
        free = free.filter(~Q(Exists(named)))
    gone = list(free)
    files.discard(stored=gone, now=now)
    return len(gone)
