"""Required content of a breach notification (个保法 57), for the report sheet and the notice."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.breaches import queries, wording
from bihuan.breaches.models import Breach, Particulars, Step
from bihuan.orgs.choices import name_of

Words = str | Promise


@dataclass(frozen=True)
class LetterItem:
    """One required item; empty if it has not been stated yet."""

    label: Words
    text: str

    @property
    def said(self) -> str:
        return self.text or str(wording.MISSING)


def remedies(breach: Breach) -> str:
    """Return the remedial measures, one line for each that is not void."""
    steps = queries.standing_steps(breach).filter(act=Step.Act.CONTAIN)
    return "\n".join(step.words for step in steps)


def items(breach: Breach, particulars: Particulars) -> list[LetterItem]:
    """Return the data categories, the cause, the harm, the measures, advice to people, and the
    contact.
    """
    return [
        LetterItem(gettext_lazy("Which personal information"), wording.kinds(particulars.kinds)),
        LetterItem(gettext_lazy("Cause"), particulars.cause),
        LetterItem(gettext_lazy("Possible harm"), particulars.harm),
        LetterItem(gettext_lazy("What we have done"), remedies(breach)),
        LetterItem(gettext_lazy("What you can do yourself"), particulars.advice),
        LetterItem(gettext_lazy("Where to get information"), particulars.contact),
    ]


def notice(breach: Breach, particulars: Particulars) -> str:
    """Return the notice to the people affected, to be copied; it does not contain who they are."""
    heading = _("Notice of a personal information breach")
    opening = _(
        "Personal information that you gave to %(unit)s may have been disclosed. As article 57 "
        "of the Personal Information Protection Law requires, we inform you:"
    ) % {"unit": name_of(breach.unit)}
    colon = _(": ")
    lines = [
        f"{n}. {item.label}{colon}{item.said}"
        for n, item in enumerate(items(breach, particulars), 1)
    ]
    closing = _(
        "You may complain to the cyberspace administration or another department in charge."
    )
    return "\n".join([heading, "", opening, *lines, closing, "", name_of(breach.unit)])
