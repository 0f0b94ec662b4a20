"""The data of the forms for grievances and suggestions, in addition to that of every kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.cases.actions.evidence import Upload
from bihuan.core.procedure import SimpleExclusion
from bihuan.orgs.models import Unit


@dataclass(frozen=True)
class Classification:
    way: str
    about: Unit | None
    note: str
    simple: bool = False
    exclusions: Collection[SimpleExclusion] = ()


@dataclass(frozen=True)
class ObjectionAnswer:
    agreed: bool
    note: str


@dataclass(frozen=True)
class PaperService:
    """When and how the last answer was served on paper."""

    served_date: date
    service: str
    receipt: Sequence[Upload]
    note: str


@dataclass(frozen=True)
class MoreDays:
    days: int
    note: str


@dataclass(frozen=True)
class Adoption:
    partly: bool
    note: str
