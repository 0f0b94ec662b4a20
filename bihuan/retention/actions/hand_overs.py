"""Record that a package was made for the archive, and that the archive has received it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from bihuan.cases.models import Case
from bihuan.journal.actions import Change, record, record_many
from bihuan.journal.models import Chain
from bihuan.orgs.models import Unit
from bihuan.retention.models import HandedOver, HandOver
from bihuan.retention.refusals import NotPacked, Obstacle

PACK, RECEIVE = "pack", "receive_package"
FEWEST_DIGITS = 12
AT_ONCE = 1_000


@transaction.atomic
def record_package(
    *,
    heads: Mapping[int, bytes],
    unit: Unit | None,
    year: int,
    retention_list: str,
    digest: str,
    now: datetime,
) -> HandOver:
    """Record which cases the package holds, unless one of them was changed meanwhile."""
    subjects = _unchanged(heads)
    row = HandOver.objects.create(
        unit=unit,
        year=year,
        retention_list=retention_list,
        manifest_digest=digest,
        cases=len(subjects),
        made_at=now,
    )
    HandedOver.objects.bulk_create(
        (HandedOver(hand_over=row, case_id=pk) for pk in heads), batch_size=AT_ONCE
    )
    detail = {"package": row.pk, "digest": digest}
    _tell(PACK, subjects, detail, now)
    details = {**detail, "year": year, "count": len(subjects), "unit": unit.code if unit else ""}
    record(row.subject, PACK, by=None, at=now, detail=details)
    return row


def _unchanged(heads: Mapping[int, bytes]) -> list[str]:
    """Return the subjects of these cases; refuse if one has changed since it was written."""
    subjects = []
    numbers = list(heads)
    for start in range(0, len(numbers), AT_ONCE):
        chosen = Case.objects.select_for_update(of=("self",)).filter(
            pk__in=numbers[start : start + AT_ONCE]
        )
        cases = {case.subject: case for case in chosen.order_by("pk")}
        chains = dict(Chain.objects.filter(subject__in=cases).values_list("subject", "head"))
        for subject, case in cases.items():
            if case.ended_at is None or bytes(chains.get(subject, b"")) != heads[case.pk]:
                raise NotPacked(Obstacle.CHANGED, case.number)
        subjects += list(cases)
    return subjects


@transaction.atomic
def receive(*, digest: str, receipt: str, on: date, now: datetime) -> HandOver:
    """Record that the archive has signed for the package with this digest of its manifest."""
    found = HandOver.objects.select_for_update(of=("self",)).filter(
        manifest_digest__startswith=digest
    )
    rows = list(found[:2]) if len(digest) >= FEWEST_DIGITS else []
    if len(rows) != 1:
        raise NotPacked(Obstacle.UNKNOWN, digest)
    row = rows[0]
    if row.received_at:
        raise NotPacked(Obstacle.RECEIVED, digest, row.receipt)
    row.receipt, row.received_date, row.received_at = receipt, on, now
    row.save(update_fields=["receipt", "received_date", "received_at"])
    detail = {"package": row.pk, "receipt": receipt, "day": on.isoformat()}
    numbers = row.contents.order_by("case").values_list("case__number", flat=True)
    _tell(RECEIVE, [f"case/{number}" for number in numbers], detail, now)
    record(row.subject, RECEIVE, by=None, at=now, detail=detail)
    return row


def _tell(act: str, subjects: list[str], detail: Mapping[str, object], now: datetime) -> None:
    for start in range(0, len(subjects), AT_ONCE):
        changes = [Change(each, detail=detail) for each in subjects[start : start + AT_ONCE]]
        record_many(act, changes, by=None, at=now)
