"""Build a case: the one place where a row of any kind, from any channel, comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.cases.models import Case
from bihuan.core.places import Point
from bihuan.orgs.models import Unit, User


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case before it is stored, with texts as they are to be stored."""

    kind: str
    number: str
    stage: str
    title: str
    owner: Unit
    origin: Unit
    channel: str
    reported_at: datetime
    description: str = ""
    category: str = ""
    place: str = ""
    point: Point | None = None
    # The officer who reports it; None if the public does, or a ledger.
    reported_by: User | None = None
    # The case of which it is a part.
    parent: Case | None = None


def unsaved(new: NewCase) -> Case:
    """Return the case in its first round; the caller adds what only its channel knows."""
    case = Case(
        kind=new.kind,
        number=new.number,
        stage=new.stage,
        title=new.title,
        description=new.description,
        category=new.category,
        place=new.place,
        owner=new.owner,
        origin=new.origin,
        channel=new.channel,
        reported_at=new.reported_at,
        round_at=new.reported_at,
        reported_by=new.reported_by,
        parent=new.parent,
    )
    case.point = new.point
    return case
