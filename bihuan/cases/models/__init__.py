"""The shared loop in records."""

from bihuan.cases.models.amending import Amendment
from bihuan.cases.models.around import (
    Assist,
    Contest,
    EndedByLedger,
    Evidence,
    Extension,
    LedgerNote,
    LinkedRow,
    Numbering,
    Participation,
    SavedView,
)
from bihuan.cases.models.case import Case, CaseQuerySet
from bihuan.cases.models.disposed import Disposed, DisposedCode, GoneRow
from bihuan.cases.models.facts import CASE_SUBJECT, clocks_of
from bihuan.cases.models.public import (
    Delivery,
    FollowUp,
    HeldAct,
    Message,
    Publication,
    Rating,
    ReceiptKey,
    SpentCode,
    TrackingCode,
)
from bihuan.cases.models.sealed import (
    REPORTER,
    AccessGrant,
    Exclusion,
    Seal,
    SealKey,
    UnsealRequest,
)
from bihuan.cases.models.sight import Visibility
from bihuan.cases.models.words import CaseWords, Unindexed

__all__ = [
    "CASE_SUBJECT",
    "REPORTER",
    "AccessGrant",
    "Amendment",
    "Assist",
    "Case",
    "CaseQuerySet",
    "CaseWords",
    "Contest",
    "Delivery",
    "Disposed",
    "DisposedCode",
    "EndedByLedger",
    "Evidence",
    "Exclusion",
    "Extension",
    "FollowUp",
    "GoneRow",
    "HeldAct",
    "LedgerNote",
    "LinkedRow",
    "Message",
    "Numbering",
    "Participation",
    "Publication",
    "Rating",
    "ReceiptKey",
    "SavedView",
    "Seal",
    "SealKey",
    "SpentCode",
    "TrackingCode",
    "Unindexed",
    "UnsealRequest",
    "Visibility",
    "clocks_of",
]
