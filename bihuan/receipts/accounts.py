"""What a reporter submits, who they say they are, and what they receive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from bihuan.cases.actions.evidence import Upload
from bihuan.cases.models import Case, Exclusion
from bihuan.clocks.models import Clock
from bihuan.core import legible
from bihuan.core.deadlines import Due
from bihuan.core.masking import masked
from bihuan.core.places import Point
from bihuan.orgs.models import Unit, User

WORDS = ("title", "place", "description")


@dataclass(frozen=True)
class Identity:
    """What a reporter chose to tell about themselves. It is never logged: its repr is empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    # The original text, if parts of it had to be masked before it was stored.
    words: str = ""

    def __repr__(self) -> str:
        return "Identity(…)"

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.email, self.address, self.words))


@dataclass(frozen=True)
class Account:
    """What a reporter submits: the problem, the place, and whom it is about."""

    title: str
    unit: Unit
    description: str = ""
    place: str = ""
    category: str = ""
    point: Point | None = None
    channel: str = Case.Channel.PORTAL
    identity: Identity = field(default_factory=Identity)
    about_units: tuple[Unit, ...] = ()
    about_officers: tuple[User, ...] = ()
    is_confidential: bool = False
    is_urgent: bool = False
    # Why the units complained of are excluded.
    cause: Exclusion.Cause = Exclusion.Cause.COMPLAINED_OF
    # Officers with a post in these units since then are meant; by default, since now.
    since_at: datetime | None = None

    @property
    def is_shut_to_somebody(self) -> bool:
        return self.is_confidential or bool(self.about_units or self.about_officers)

    @property
    def names_people(self) -> bool:
        """Whether its text contains personal data, which is masked before it is stored."""
        return any(masked(getattr(self, name)).found for name in WORDS)

    def without_people(self) -> Account:
        """Return a copy with masked texts; the originals are sealed."""
        if not self.names_people:
            return self
        written = dict.fromkeys(filter(None, (self.title, self.place, self.description)))
        return replace(
            self,
            title=masked(self.title).text,
            place=masked(self.place).text,
            description=masked(self.description).text,
            identity=replace(self.identity, words="\n".join(written)),
        )

    def said(self) -> dict[str, object]:
        """Return the text whose digest is in the receipt; nothing about its author."""
        return {
            "title": legible.clean(self.title),
            "description": legible.clean(self.description),
            "place": legible.clean(self.place),
            "category": self.category,
        }


class Subject(Protocol):
    """An entry of a tree of subjects that a kind maintains."""

    @property
    def pk(self) -> Any: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Intake:
    """Everything that a kind receives with a report, through any channel.

    Each kind uses what it knows. The same `form_key` returns the same receipt.
    """

    account: Account
    form_key: str
    now: datetime
    photos: Sequence[Upload] = ()
    # The officer who records it; None if the reporter does.
    actor: User | None = None
    subject: Subject | None = None
    # It complains about the behaviour of a unit or an officer.
    is_accusation: bool = False
    wants_paper: bool = False
    may_publish: bool = False
    # Another party, whose identity is sealed too.
    other_party: Identity | None = None


@dataclass(frozen=True)
class IntakeResult:
    """What the reporter receives: the case, its code, the signed slip that proves both, and the
    running clocks.
    """

    case: Case
    code: str
    slip: str
    due: Due | None
    running: tuple[Clock, ...]
