"""What the form of a move is about: the problem with its photos, and who did what so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.desk import dossier, pages, timeline
from bihuan.desk.dossier import Pictures
from bihuan.orgs.models import User
from bihuan.web.timeline import TimelineEntry

STEPS = 6  # the last changes of stage; the page of the case has all


@dataclass(frozen=True)
class Decided:
    """What is decided, as the form shows it."""

    kind: kinds.Kind
    pages: pages.Pages
    pictures: Pictures
    steps: Sequence[TimelineEntry]
    # Whom an accusation is about: for readers on the need-to-know list.
    complained_of: list[str]
    # Why the move is to be made, by another officer.
    reason: TimelineEntry | None

    @property
    def fix(self) -> list[str]:
        """Return the digests of what the form shows of the fix."""
        return [picture.row.file.sha256 for picture in self.pictures.after]


def decided(case: Case, user: User, now: datetime, move: str = "") -> Decided:
    entries, _shut = timeline.timeline(case, user, now)
    return Decided(
        kind=kinds.of(case),
        pages=pages.of(case),
        pictures=dossier.pictures(case, user, now),
        steps=[entry for entry in entries.entries if entry.is_major][:STEPS],
        complained_of=dossier.complained_of(case, now),
        reason=timeline.explaining(case, move, entries.entries),
    )
