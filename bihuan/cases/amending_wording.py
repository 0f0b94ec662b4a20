"""Requests to correct or erase, in words: on the timeline, in notices, and why one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.cases.amending import What, what_of
from bihuan.cases.models import Amendment
from bihuan.core import amending as rules
from bihuan.core.amending import Basis
from bihuan.core.refusal import Refusal

Words = str | Promise

THINGS: dict[What, Words] = {
    What.TITLE: gettext_lazy("What it is, in one line"),
    What.DESCRIPTION: gettext_lazy("The description"),
    What.PLACE: gettext_lazy("The place"),
    What.MESSAGE: gettext_lazy("An addition or an answer"),
    What.RATING: gettext_lazy("The words of a rating"),
    What.HELD: gettext_lazy("Words that came by a code from a desk"),
    What.PHOTO: gettext_lazy("A photo"),
}
BASES: dict[Basis, Words] = {
    Basis.NEEDED: gettext_lazy("It is still needed to deal with the matter"),
    Basis.KEPT: gettext_lazy("It has to be kept with the file for a period that is not over"),
    Basis.HELD: gettext_lazy("It is held back as evidence for a court, an audit or an inquiry"),
    Basis.RIGHT: gettext_lazy("It was checked, and is neither wrong nor incomplete"),
    Basis.OTHER: gettext_lazy("Another provision, which the reason names"),
}
ACTS: dict[str, Words] = {
    "ask_amendment": gettext_lazy("Asked to have something that was told corrected or erased"),
    "take_back_amendment": gettext_lazy("Withdrew the request to correct or erase"),
    "decide_amendment": gettext_lazy("Decided on the request to correct or erase"),
}
LETTERS: dict[str, Words] = {
    "amended": gettext_lazy(
        "It was decided on what you asked to have corrected or erased. The decision, its reason "
        "and what you can do next stand on the page of all that is kept under this code."
    ),
    "hold_over": gettext_lazy(
        "What you asked to have corrected or erased was refused because it was held back as "
        "evidence. That is over: you can ask again on the page of all that is kept under this code."
    ),
}
NOTICE = gettext_lazy(
    "The person who told this asks to have something corrected or erased. Decide it, or refuse it "
    "with the reason."
)
_WANTS: dict[str, Words] = dict(Amendment.Wants.choices)
_OUTCOMES: dict[str, Words] = dict(Amendment.Outcome.choices)

DETAILS: dict[str, tuple[Words, Callable[[Any], str]]] = {
    "thing": (pgettext_lazy("amendment", "What was told"), lambda key: thing_words(str(key))),
    "wants": (pgettext_lazy("amendment", "Asked for"), lambda said: str(_WANTS.get(said, said))),
    "outcome": (
        pgettext_lazy("amendment", "Decision"),
        lambda said: str(_OUTCOMES.get(said, said)),
    ),
}
SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    rules.NotThere: lambda: _("This is not there any more, or was not told under this code."),
    rules.AlreadyAsked: lambda: _(
        "You have asked about this before, and it waits for the decision. Withdraw that request "
        "first if you want something else."
    ),
    rules.Unchanged: lambda: _("These words stand there already."),
    rules.TooLong: lambda: _("There is not enough room for so many words. Write it shorter."),
    rules.NotOnlyLeftOut: lambda: _(
        "Only the person's own words may stand there: leave something out and put ××× in its "
        "place, or choose whole sentences of the earlier and the corrected words."
    ),
    rules.HeldBack: lambda: _(
        "This case is held back as evidence for a court, an audit or an inquiry. Until the hold is "
        "lifted nothing of it is erased or corrected: refuse the request and say so."
    ),
    rules.NotHeldBack: lambda: _("This case is not held back: name another reason."),
    rules.NoLongerOpen: lambda: _("This request was decided already, or was withdrawn."),
}


def thing_words(key: str) -> str:
    """What kind of thing a request is about."""
    return str(THINGS[what_of(key)])
