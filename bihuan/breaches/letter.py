"""What the law wants told of a breach (个保法 57), as the report sheet and the notice have it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.breaches import queries, wording
from bihuan.breaches.models import Breach, Particulars, Step
from bihuan.cases.choices import name_of

Words = str | Promise


@dataclass(frozen=True)
class LetterItem:
    """One item that has to be told; empty where nobody has stated it yet."""

    label: Words
    text: str

    @property
    def said(self) -> str:
        return self.text or str(wording.MISSING)


def remedies(breach: Breach) -> str:
    """What was done against it, a line for each remedy that stands."""
    steps = queries.standing_steps(breach).filter(act=Step.Act.CONTAIN)
    return "\n".join(step.words for step in steps)


def items(breach: Breach, said: Particulars) -> list[LetterItem]:
    """The kinds, the cause, the harm, the remedies, what people can do, and the contact."""
    return [
        LetterItem(gettext_lazy("Which personal information"), wording.kinds(said.kinds)),
        LetterItem(gettext_lazy("Cause"), said.cause),
        LetterItem(gettext_lazy("Possible harm"), said.harm),
        LetterItem(gettext_lazy("What we have done"), remedies(breach)),
        LetterItem(gettext_lazy("What you can do yourself"), said.advice),
        LetterItem(gettext_lazy("Where to get information"), said.contact),
    ]


def notice(breach: Breach, said: Particulars) -> str:
    """The notice to the persons concerned, to be copied out; who they are it does not know."""
    heading = _("Notice of a personal information breach")
    opening = _(
        "Personal information that you gave to %(unit)s may have been disclosed. As article 57 "
        "of the Personal Information Protection Law requires, we inform you:"
    ) % {"unit": name_of(breach.unit)}
    colon = _(": ")
    told = [f"{n}. {item.label}{colon}{item.said}" for n, item in enumerate(items(breach, said), 1)]
    closing = _(
        "You may complain to the cyberspace administration or another department in charge."
    )
    return "\n".join([heading, "", opening, *told, closing, "", name_of(breach.unit)])
