"""The public keys with which receipts are checked, published for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.receipts import slips
from bihuan.receipts.models import ReceiptKey

_noted: set[str] = set()


def note_key(now: datetime) -> None:
    """Publish the key that signs receipts with the first one, so that old slips always hold."""
    label = slips.label()
    if label not in _noted:
        given = {"public_key": slips.public_key(), "since_at": now}
        ReceiptKey.objects.get_or_create(label=label, defaults=given)
        transaction.on_commit(lambda: _noted.add(label))
