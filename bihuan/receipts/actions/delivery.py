"""Mails to reporters who left an address in the seal: that there is news, and nothing else.

The program decrypts the seal by itself; no officer learns where a message is sent. A delivery is
claimed by an update that must change exactly one row and that sets the time of the next attempt, so
that a crash delays it, and concurrent workers do not send it twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bihuan.core.refusal import Refusal
from bihuan.notices import mail
from bihuan.receipts.actions.public import RETRY
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Delivery, Message

AT_ONCE = 200

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """What every mail says: that there is something to read, and nothing about its content."""

    heading: str
    text: str


def deliver_due(*, news: News, now: datetime) -> dict[str, int]:
    """Send what is due; return how many were sent, failed for now, or have no address."""
    counts = {"sent": 0, "failed": 0, "nowhere": 0}
    if not mail.is_set_up():
        Delivery.objects.filter(next_at__isnull=False).update(next_at=None)
        return counts
    for row in _due(now):
        if _claimed(row, now):
            counts[_sent(row, news, now)] += 1
    return counts


def _due(now: datetime) -> Iterator[Delivery]:
    waiting = Delivery.objects.filter(next_at__lte=now).select_related("seal", "message")
    yield from waiting.order_by("next_at", "pk")[:AT_ONCE]


def _claimed(row: Delivery, now: datetime) -> bool:
    """Whether this worker claimed it; there is no attempt after the last one."""
    after = now + RETRY[row.tries] if row.tries < len(RETRY) else None
    mine = Delivery.objects.filter(pk=row.pk, next_at=row.next_at, tries=row.tries)
    return mine.update(next_at=after, tries=row.tries + 1) == 1


def _sent(row: Delivery, news: News, now: datetime) -> str:
    try:
        to = "" if row.message.seen_at else unsealed(row.seal).email
    except Refusal as refusal:
        logger.warning("delivery %s: %s", row.pk, type(refusal).__name__)
        to = ""
    if not to:
        Delivery.objects.filter(pk=row.pk).update(next_at=None)
        return "nowhere"
    try:
        mail.send(to=to, heading=news.heading, text=news.text)
    except mail.NotSent as failure:
        logger.warning("delivery %s was put off: %s", row.pk, failure)
        return "failed"
    # One mail covers everything that is new.
    new = Message.objects.shown(now).filter(said_at__lte=now, delivery__seal=row.seal)
    deliveries = Delivery.objects.filter(message__in=new, sent_at=None)
    deliveries.update(sent_at=now, next_at=None)
    return "sent"
