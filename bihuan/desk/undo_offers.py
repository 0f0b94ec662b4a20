"""What an officer may still undo on a case, as its page and the message after the act show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from bihuan.cases import kind_wording, kinds
from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.cases.queries import undoable
from bihuan.orgs.models import User


@dataclass(frozen=True)
class UndoOffer:
    """An act that the officer may undo, and until when; `desk/undo.html` is its button."""

    url: str
    act: Words
    until_at: datetime
    # The list to which the officer returns.
    back: str = ""


def offer(case: Case, user: User, now: datetime, back: str = "") -> UndoOffer | None:
    """Return what the officer may undo on the case now, if anything."""
    made = undoable.last(case, user, now)
    if made is None:
        return None
    url = reverse("desk:undo", args=[case.number, made.seq])
    return UndoOffer(url, kind_wording.act_words(kinds.of(case), made.move), made.until_at, back)
