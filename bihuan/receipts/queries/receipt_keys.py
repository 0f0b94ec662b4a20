"""Every key with which receipts of this installation were signed."""

from __future__ import annotations

from bihuan.receipts import slips
from bihuan.receipts.models import ReceiptKey


def every() -> dict[str, str]:
    """The public keys by their labels, the present one among them."""
    kept = dict(ReceiptKey.objects.order_by("since_at").values_list("label", "public_key"))
    return {**kept, slips.label(): slips.public_key()}
