"""Order one plan for many cases, and carry it out: each case in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy

from bihuan.core.refusal import Refusal
from bihuan.desk.models import Batch, BatchItem
from bihuan.orgs.models import User

State = BatchItem.State
# What waits becomes this, or this if it is refused.
OUTCOMES: Mapping[str, tuple[State, State]] = {
    State.WAITING: (State.DONE, State.REFUSED),
    State.UNDOING: (State.UNDONE, State.DONE),
}
PENDING = tuple(OUTCOMES)
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


@dataclass(frozen=True)
class Made:
    """What was done, in words, and the number of its entry while it can be undone."""

    said: str
    seq: int | None = None


logger = logging.getLogger(__name__)
FAILED = gettext_lazy(
    "An error occurred, and nothing was changed. Try it on the page of the case, and tell the "
    "operator if it happens again."
)

# Makes the move of one item, or undoes it; raises a refusal.
Make = Callable[[BatchItem], Made]
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
    """Make or undo the move for the next cases that wait, and return for how many."""
    waiting = BatchItem.objects.filter(batch=batch, state__in=PENDING)
    done = 0
    for item in waiting.order_by("pk")[:most]:
        done += _carry_out(item, make, explain)
    end(batch, now)
    return done


def _carry_out(item: BatchItem, make: Make, explain: Explain) -> bool:
    """Claim the item and act in one transaction, so that it happens once or not at all.

    A failure that no rule explains ends this item alone. Without a database nothing is known of
    the item, which waits.
    """
    mine = BatchItem.objects.filter(pk=item.pk, state=item.state)
    done, refused = OUTCOMES[item.state]
    try:
        with transaction.atomic():
            if not mine.update(state=done, why=""):
                return False
            made = make(item)
            BatchItem.objects.filter(pk=item.pk).update(said=made.said, seq=made.seq)
    except Refusal as refusal:
        with transaction.atomic():
            mine.update(state=refused, why=explain(item, refusal))
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("an item of the batch %s failed", item.batch_id)
        with transaction.atomic():
            mine.update(state=refused, why=str(FAILED))
        return False
    return True


@transaction.atomic
def order_undo(*, batch: Batch, numbers: Collection[str]) -> int:
    """Order the undo of what was done with these cases; return for how many."""
    done = BatchItem.objects.filter(batch=batch, state=State.DONE, number__in=numbers)
    ordered = done.exclude(seq=None).update(state=State.UNDOING, why="")
    if ordered:
        Batch.objects.filter(pk=batch.pk).update(ended_at=None)
        batch.ended_at = None
    return ordered


@transaction.atomic
def end(batch: Batch, now: datetime) -> None:
    """End it after the last case; what the plan said is then only in the cases."""
    left = BatchItem.objects.filter(batch=batch, state__in=PENDING)
    if not left.exists():
        Batch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=now, plan="")


@transaction.atomic
def sweep(now: datetime) -> int:
    """Remove reports after some days: the acts are in the journal of each case."""
    old = Batch.objects.filter(ended_at__lt=now - KEPT)
    _count, removed = old.delete()
    return removed.get("desk.Batch", 0)
