"""What the forms of moves give: one frozen dataclass for each set of fields, which actions take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.cases.actions.evidence import Upload
from bihuan.orgs.models import Post, Unit


@dataclass(frozen=True)
class Note:
    """Words alone: a reason, a remark, what was done."""

    note: str


@dataclass(frozen=True)
class WithPhotos:
    """Words with photos, and whether the reporter may see these."""

    note: str
    photos: Sequence[Upload] = ()
    is_shown: bool = False


@dataclass(frozen=True)
class Uploads:
    """Photos or documents, what they show, and a caption."""

    uploads: Sequence[Upload]
    phase: str
    note: str
    is_shown: bool = False


@dataclass(frozen=True)
class DisputeDecision:
    """Whether the objection is upheld, and then to which post the case goes."""

    upheld: bool
    note: str
    unit: Unit | None
    post: Post | None


@dataclass(frozen=True)
class NewDate:
    """Until when something is asked to wait, and why."""

    until_date: date
    note: str


@dataclass(frozen=True)
class ExtensionDecision:
    granted: bool
    note: str


@dataclass(frozen=True)
class ChosenUnit:
    unit: Unit


@dataclass(frozen=True)
class UnitAndNote:
    """A unit, and what it is asked for or why it is the one."""

    unit: Unit
    note: str


@dataclass(frozen=True)
class PostAndNote:
    post: Post
    note: str


@dataclass(frozen=True)
class PartOfCase:
    """A part of a case that another unit takes."""

    unit: Unit
    title: str
    note: str
