"""An act of the holder of a code: its form, its texts, and its effect."""

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
    """One possible act: the moves of the lifecycle that allow it, its appearance and its effect."""

    name: str
    moves: frozenset[str]
    label: Words
    form: type[forms.ActForm]
    do: Callable[[Doing], IntakeResult | None]
    done: Words
    consequences: tuple[Words, ...] = ()
    danger: bool = False
    # The label for a person who did it before.
    again: Words = ""
    # Whether it ends the case or weakens the reporter's position, as filled in.
    weakens: Callable[[Mapping[str, Any]], bool] = lambda said: False
    # The submitted item that it is about, if any; it is offered while the item exists.
    about: Callable[[Holder], Thing | None] | None = None
    # The page from which it was chosen, and to which it returns.
    page: str = "portal:track-case"

    def filled(self, who: Holder) -> dict[str, Any]:
        """Return the initial values of the form."""
        thing = self.about(who) if self.about else None
        return {"text": thing.words} if thing else {}
