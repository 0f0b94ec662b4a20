"""What an act of the holder of a code is: its form, its words, and what it brings about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from bihuan.files.actions import Checked
from bihuan.portal.forms import track as forms
from bihuan.portal.queries.track import Holder
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.models import Message
from bihuan.receipts.queries.amendments import Thing

Words = str | Promise


@dataclass(frozen=True)
class Doing:
    """One form that the holder sent."""

    holder: Holder
    now: datetime
    form_key: str
    said: Mapping[str, Any]
    photos: Sequence[Checked] = ()
    question: Message | None = None


@dataclass(frozen=True)
class PublicAct:
    """One thing to do: which moves of the lifecycle open it, how it looks and what it does."""

    name: str
    moves: frozenset[str]
    label: Words
    form: type[forms.ActForm]
    do: Callable[[Doing], IntakeResult | None]
    done: Words
    consequences: tuple[Words, ...] = ()
    danger: bool = False
    # How it is offered to the person who did it before.
    again: Words = ""
    # Whether it ends the matter or weakens the position of the person, as it was filled in.
    weakens: Callable[[Mapping[str, Any]], bool] = lambda said: False
    # What it is about, where that is one thing that was told; it is offered while that is there.
    about: Callable[[Holder], Thing | None] | None = None
    # The page from which it was chosen, and to which it leads back.
    page: str = "portal:track-case"

    def filled(self, who: Holder) -> dict[str, Any]:
        """What stands in the form when it is opened."""
        thing = self.about(who) if self.about else None
        return {"text": thing.words} if thing else {}
