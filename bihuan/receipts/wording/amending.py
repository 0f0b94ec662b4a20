"""Texts for requests to correct or erase: timeline, notices and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.core import amending as rules
from bihuan.core.amending import Basis
from bihuan.core.refusal import Refusal
from bihuan.receipts.models import Amendment
from bihuan.receipts.queries.amendments import What, what_of

Words = str | Promise

THINGS: dict[What, Words] = {
    What.TITLE: gettext_lazy("Summary"),
    What.DESCRIPTION: gettext_lazy("The description"),
    What.PLACE: gettext_lazy("The place"),
    What.MESSAGE: gettext_lazy("An addition or answer"),
    What.RATING: gettext_lazy("The text of a rating"),
    What.HELD: gettext_lazy("Text submitted with a code from a desk"),
    What.PHOTO: gettext_lazy("A photo"),
}
BASES: dict[Basis, Words] = {
    Basis.NEEDED: gettext_lazy("It is still needed to deal with the matter"),
    Basis.KEPT: gettext_lazy("It must be kept with the file for a period that has not ended"),
    Basis.HELD: gettext_lazy("It is on hold as evidence for a court, an audit or an inquiry"),
    Basis.RIGHT: gettext_lazy("It was checked, and is neither wrong nor incomplete"),
    Basis.OTHER: gettext_lazy("Another provision, named in the reason"),
}
ACTS: dict[str, Words] = {
    "ask_amendment": gettext_lazy("Requested correction or erasure"),
    "take_back_amendment": gettext_lazy("Withdrew the correction or erasure request"),
    "decide_amendment": gettext_lazy("Decided on the correction or erasure request"),
}
LETTERS: dict[str, Words] = {
    "amended": gettext_lazy(
        "Your correction or erasure request has been decided. See the decision, its reason and "
        "your next options on the page “All that is kept under this code”."
    ),
    "hold_over": gettext_lazy(
        "Your correction or erasure request was refused because of a hold for evidence. The hold "
        "has been lifted: you can ask again on the page “All that is kept under this code”."
    ),
}
NOTICE = gettext_lazy(
    "The reporter requests a correction or erasure. Decide it, or refuse it with a reason."
)
_WANTS: dict[str, Words] = dict(Amendment.Wants.choices)
_OUTCOMES: dict[str, Words] = dict(Amendment.Outcome.choices)

DETAILS: dict[str, tuple[Words, Callable[[Any], str]]] = {
    "thing": (pgettext_lazy("amendment", "Reported content"), lambda key: thing_words(str(key))),
    "wants": (pgettext_lazy("amendment", "Asked for"), lambda said: str(_WANTS.get(said, said))),
    "outcome": (
        pgettext_lazy("amendment", "Decision"),
        lambda said: str(_OUTCOMES.get(said, said)),
    ),
}
SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    rules.NotThere: lambda: _("This no longer exists, or was not submitted with this code."),
    rules.AlreadyAsked: lambda: _(
        "You have already requested this, and it is awaiting a decision. To request something "
        "else, withdraw that request first."
    ),
    rules.Unchanged: lambda: _("The text is already the same."),
    rules.TooLong: lambda: _("The text is too long. Shorten it."),
    rules.NotOnlyLeftOut: lambda: _(
        "Use only the reporter's own words: remove a part and put ××× in its place, or choose "
        "whole sentences of the earlier and the corrected text."
    ),
    rules.HeldBack: lambda: _(
        "This case is on hold as evidence for a court, an audit or an inquiry. Nothing in it may "
        "be erased or corrected until the hold is lifted: refuse the request and give this "
        "reason."
    ),
    rules.NotHeldBack: lambda: _("This case is not on hold: choose another reason."),
    rules.NoLongerOpen: lambda: _("This request has already been decided or withdrawn."),
}


def thing_words(key: str) -> str:
    """Return the type of item that a request is about."""
    return str(THINGS[what_of(key)])
