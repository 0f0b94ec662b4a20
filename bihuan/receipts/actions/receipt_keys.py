"""The public keys for checking receipts, published permanently."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.receipts import slips
from bihuan.receipts.models import ReceiptKey

_noted: set[str] = set()


def note_key(now: datetime) -> None:
    """Publish the key with the first receipt it signs, so that old slips always remain valid."""
    label = slips.label()
    if label not in _noted:
        given = {"public_key": slips.public_key(), "since_at": now}
        ReceiptKey.objects.get_or_create(label=label, defaults=given)
        transaction.on_commit(lambda: _noted.add(label))
