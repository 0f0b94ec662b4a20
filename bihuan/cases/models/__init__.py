"""The shared loop in records."""

from bihuan.cases.models.amending import Amendment
from bihuan.cases.models.around import (
    Assist,
    Contest,
    EndedByLedger,
    Evidence,
    Extension,
    Hand,
    LedgerNote,
    LinkedRow,
    Numbering,
    SavedView,
)
from bihuan.cases.models.case import Case, CaseQuerySet
from bihuan.cases.models.disposed import Disposed, DisposedCode, GoneRow
from bihuan.cases.models.facts import CASE_SUBJECT, clocks_of
from bihuan.cases.models.public import (
    Delivery,
    HeldAct,
    Message,
    Publication,
    Rating,
    ReceiptKey,
    SpentCode,
    TrackingCode,
    Unsolved,
)
from bihuan.cases.models.sealed import REPORTER, Bar, Confidant, Opening, Seal, SealKey
from bihuan.cases.models.sight import Sight
from bihuan.cases.models.words import CaseWords, Unindexed

__all__ = [
    "CASE_SUBJECT",
    "REPORTER",
    "Amendment",
    "Assist",
    "Bar",
    "Case",
    "CaseQuerySet",
    "CaseWords",
    "Confidant",
    "Contest",
    "Delivery",
    "Disposed",
    "DisposedCode",
    "EndedByLedger",
    "Evidence",
    "Extension",
    "GoneRow",
    "Hand",
    "HeldAct",
    "LedgerNote",
    "LinkedRow",
    "Message",
    "Numbering",
    "Opening",
    "Publication",
    "Rating",
    "ReceiptKey",
    "SavedView",
    "Seal",
    "SealKey",
    "Sight",
    "SpentCode",
    "TrackingCode",
    "Unindexed",
    "Unsolved",
    "clocks_of",
]
