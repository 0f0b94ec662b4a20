"""Every key that ever signed receipts of this installation."""

from __future__ import annotations

from bihuan.receipts import slips
from bihuan.receipts.models import ReceiptKey


def every() -> dict[str, str]:
    """Return the public keys by label, including the current one."""
    stored = dict(ReceiptKey.objects.order_by("since_at").values_list("label", "public_key"))
    return {**stored, slips.label(): slips.public_key()}
