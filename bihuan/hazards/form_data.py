"""The data of the forms for hazards, in addition to that of every kind of case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.cases.models import Case
from bihuan.desk.form_data import WithPhotos
from bihuan.hazards.actions.reporting import Plan
from bihuan.hazards.models import Control
from bihuan.orgs.models import Post


@dataclass(frozen=True)
class Grading:
    grade: str
    standard: str
    note: str


@dataclass(frozen=True)
class Rejection:
    """The reason for the rejection; for a duplicate, the case that continues."""

    reason: str
    note: str
    duplicate_of: Case | None


@dataclass(frozen=True)
class Assignment:
    plan: Plan
    note: str


@dataclass(frozen=True)
class Verification(WithPhotos):
    # The digests of the evidence of the fix that the form showed.
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Closure:
    note: str
    seen: frozenset[str]
    # For the reporter, if there is one.
    answer: str = ""


@dataclass(frozen=True)
class NewControl:
    what: str
    post: Post
    expiry_date: date
    note: str


@dataclass(frozen=True)
class EndedControl:
    control: Control
    note: str


@dataclass(frozen=True)
class Correction:
    title: str
    place: str
    description: str
    category: str
    note: str
