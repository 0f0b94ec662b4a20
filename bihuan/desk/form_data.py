"""The data of moves' forms: one frozen dataclass for each set of fields, passed to the actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.cases.actions.evidence import Upload
from bihuan.orgs.models import Post, Unit


@dataclass(frozen=True)
class Note:
    """A text only: a reason, a remark, what was done."""

    note: str


@dataclass(frozen=True)
class WithPhotos:
    """A text with photos, and whether the reporter may see these."""

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
    """Whether the dispute is upheld, and the post to which the case goes then."""

    upheld: bool
    note: str
    unit: Unit | None
    post: Post | None


@dataclass(frozen=True)
class NewDate:
    """The requested date, and the reason."""

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
    """A unit, and the request or reason."""

    unit: Unit
    note: str


@dataclass(frozen=True)
class PostAndNote:
    post: Post
    note: str


@dataclass(frozen=True)
class PartOfCase:
    """A sub-case for another unit."""

    unit: Unit
    title: str
    note: str
