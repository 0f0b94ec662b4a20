"""The shared loop in records."""

from bihuan.cases.models.around import (
    Assist,
    Clock,
    Contest,
    Evidence,
    Extension,
    Hand,
    Numbering,
    SavedView,
)
from bihuan.cases.models.case import Case, CaseQuerySet, Sight
from bihuan.cases.models.words import CaseWords, Unindexed

__all__ = [
    "Assist",
    "Case",
    "CaseQuerySet",
    "CaseWords",
    "Clock",
    "Contest",
    "Evidence",
    "Extension",
    "Hand",
    "Numbering",
    "SavedView",
    "Sight",
    "Unindexed",
]
