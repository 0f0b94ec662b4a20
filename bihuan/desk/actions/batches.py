"""Order one plan for many cases, and carry it out: each case in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bihuan.cases.models import Case
from bihuan.core.refusal import Refusal
from bihuan.desk.models import Batch, BatchItem
from bihuan.orgs.models import User

State = BatchItem.State
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Chosen:
    """A chosen case as the officer saw it."""

    number: str
    version: int
    seen: str = ""


@dataclass(frozen=True)
class Order:
    """What to do with which cases; sent twice, it is carried out once."""

    act: str
    plan: str
    language: str
    back: str
    form_key: UUID
    chosen: Sequence[Chosen]


# Makes the move of one item; raises a refusal.
Make = Callable[[BatchItem], Case]
Explain = Callable[[BatchItem, Refusal], str]


@transaction.atomic
def order(*, order: Order, actor: User, now: datetime) -> Batch:
    batch, is_new = Batch.objects.get_or_create(
        member=actor,
        form_key=order.form_key,
        defaults={
            "act": order.act,
            "plan": order.plan,
            "language": order.language,
            "back": order.back,
            "created_at": now,
        },
    )
    if is_new:
        BatchItem.objects.bulk_create(
            BatchItem(batch=batch, number=each.number, version=each.version, seen=each.seen)
            for each in order.chosen
        )
    return batch


def carry_out(batch: Batch, make: Make, explain: Explain, *, now: datetime, most: int) -> int:
    """Make the move for the next cases that wait, and return for how many it was made."""
    waiting = BatchItem.objects.filter(batch=batch, state=State.WAITING)
    done = 0
    for item in waiting.order_by("pk")[:most]:
        done += _carry_out(item, make, explain)
    end(batch, now)
    return done


def _carry_out(item: BatchItem, make: Make, explain: Explain) -> bool:
    """Claim the item and act in one transaction, so that it happens once or not at all."""
    mine = BatchItem.objects.filter(pk=item.pk, state=State.WAITING)
    try:
        with transaction.atomic():
            if not mine.update(state=State.DONE):
                return False
            make(item)
    except Refusal as refusal:
        with transaction.atomic():
            mine.update(state=State.REFUSED, why=explain(item, refusal))
        return False
    return True


@transaction.atomic
def end(batch: Batch, now: datetime) -> None:
    """End it after the last case; what the plan said is then only in the cases."""
    left = BatchItem.objects.filter(batch=batch, state=State.WAITING)
    if not left.exists():
        Batch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=now, plan="")


@transaction.atomic
def sweep(now: datetime) -> int:
    """Remove reports after some days: the acts are in the journal of each case."""
    old = Batch.objects.filter(ended_at__lt=now - KEPT)
    _count, removed = old.delete()
    return removed.get("desk.Batch", 0)
