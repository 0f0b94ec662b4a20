"""The data of the forms for hazards, in addition to that of every kind of case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.cases.models import Case
from bihuan.desk.form_data import WithPhotos
from bihuan.hazards.actions.acceptance import TeamOpinion
from bihuan.hazards.actions.listing import Terms
from bihuan.hazards.actions.planning import Remedy
from bihuan.hazards.actions.reporting import Plan
from bihuan.hazards.models import Control, Order
from bihuan.orgs.models import Post


@dataclass(frozen=True)
class Grading:
    grade: str
    criterion: str
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


@dataclass(frozen=True)
class NewRemedy:
    remedy: Remedy


@dataclass(frozen=True)
class Upward:
    state: str
    harm: str
    plan: str


@dataclass(frozen=True)
class NewListing:
    terms: Terms
    note: str


@dataclass(frozen=True)
class Decision:
    granted: bool
    note: str


@dataclass(frozen=True)
class FixOrder:
    note: str
    until_date: date
    basis: str


@dataclass(frozen=True)
class StopOrder:
    place: str
    stopped: str
    note: str
    basis: str


@dataclass(frozen=True)
class OrderCheck:
    order: Order
    complied: bool
    note: str


@dataclass(frozen=True)
class TeamFindings:
    voices: tuple[TeamOpinion, ...]
    passed: bool
    note: str
