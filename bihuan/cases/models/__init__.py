"""The models of the shared loop."""

from bihuan.cases.models.access import AccessGrant, Exclusion
from bihuan.cases.models.around import (
    REPORTER,
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
from bihuan.cases.models.disposed import Disposed, GoneRow
from bihuan.cases.models.facts import CASE_SUBJECT, clocks_of
from bihuan.cases.models.phrases import SavedPhrase
from bihuan.cases.models.sight import Visibility
from bihuan.cases.models.undo import UndoableAct
from bihuan.cases.models.words import CaseWords, Unindexed

__all__ = [
    "CASE_SUBJECT",
    "REPORTER",
    "AccessGrant",
    "Assist",
    "Case",
    "CaseQuerySet",
    "CaseWords",
    "Contest",
    "Disposed",
    "EndedByLedger",
    "Evidence",
    "Exclusion",
    "Extension",
    "GoneRow",
    "LedgerNote",
    "LinkedRow",
    "Numbering",
    "Participation",
    "SavedPhrase",
    "SavedView",
    "UndoableAct",
    "Unindexed",
    "Visibility",
    "clocks_of",
]
