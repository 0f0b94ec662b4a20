"""Labels of the public's side on the pages of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.cases.wording import DetailWords, Vocabulary, yes_no
from bihuan.core.discretion import LeadsToPerson
from bihuan.core.lifecycle import SharedFact
from bihuan.core.refusal import Refusal
from bihuan.core.routing import NoUnitAbove
from bihuan.receipts import held
from bihuan.receipts.actions.publications import KeptConfidential
from bihuan.receipts.actions.room import MOST_A_DAY, TooManyFiles
from bihuan.receipts.wording import amending, codes, seals

Words = str | Promise

_ACTS: Mapping[str, Words] = {
    **seals.ACTS,
    **codes.ACTS,
    **amending.ACTS,
    "add": pgettext_lazy("happened", "Reporter added information"),
    "rate": pgettext_lazy("happened", "The answer was rated"),
}
_DETAILS: DetailWords = {
    "two": (gettext_lazy("Two people"), yes_no),
    "solved": (pgettext_lazy("rating", "Solved"), yes_no),
    "act": (gettext_lazy("Entered"), lambda name: str(held.label(str(name)))),
    "desk_code": (gettext_lazy("With a code that an officer has seen"), yes_no),
    **amending.DETAILS,
}
_NOTICES: Mapping[str, Words] = {
    "added": gettext_lazy("The reporter has answered or added information."),
    "unsolved": gettext_lazy("The reporter answered “not solved”. It must be followed up."),
    **seals.NOTICES,
    "held": gettext_lazy(
        "A request that ends or weakens the matter was made with a code from a desk. Confirm "
        "with the person whether they want it, then decide."
    ),
    "amendment": amending.NOTICE,
}
_SENTENCES: Mapping[type[Refusal], Callable[[], str]] = {
    TooManyFiles: lambda: (
        _(
            "At most %(n)d photos can be added with one code per day. Please send the others "
            "tomorrow."
        )
        % {"n": MOST_A_DAY}
    ),
    KeptConfidential: lambda: _("This case is confidential and may not be published."),
    NoUnitAbove: lambda: _(
        "No unit in this system is above the unit or officer complained of. The government one "
        "level up takes it; see the page “Where to turn”."
    ),
    **seals.SENTENCES,
    **codes.SENTENCES,
    **amending.SENTENCES,
}


def _found(value: Any) -> str:
    return _("“%(found)s” could identify a person. Remove it.") % {"found": value.found}


VOCABULARY = Vocabulary(
    acts=_ACTS,
    details=_DETAILS,
    notices=_NOTICES,
    sentences=_SENTENCES,
    refusals={LeadsToPerson: _found},
    facts={
        SharedFact.UNSOLVED: gettext_lazy("There is no “not solved” feedback."),
        SharedFact.PUBLISHED: gettext_lazy("Nothing in this case is public at present."),
    },
    entries={
        "text": gettext_lazy("text for the public"),
        "words": gettext_lazy("the correct text"),
        "left": gettext_lazy("the remaining text"),
        "basis": gettext_lazy("the basis"),
    },
)
