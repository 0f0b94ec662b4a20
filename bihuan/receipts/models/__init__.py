"""The models of the public's side of a case."""

from bihuan.receipts.models.amendments import Amendment
from bihuan.receipts.models.codes import DisposedCode, HeldAct, ReceiptKey, SpentCode, TrackingCode
from bihuan.receipts.models.messages import Delivery, Message
from bihuan.receipts.models.publications import Publication
from bihuan.receipts.models.ratings import FollowUp, Rating
from bihuan.receipts.models.seals import Seal, SealKey, UnsealRequest

__all__ = [
    "Amendment",
    "Delivery",
    "DisposedCode",
    "FollowUp",
    "HeldAct",
    "Message",
    "Publication",
    "Rating",
    "ReceiptKey",
    "Seal",
    "SealKey",
    "SpentCode",
    "TrackingCode",
    "UnsealRequest",
]
