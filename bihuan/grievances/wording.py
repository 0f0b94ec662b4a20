"""Grievances, suggestions and categories in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan.cases import wording as case_words
from bihuan.core import lifecycle
from bihuan.core.grievance import Decision, Outcome, Service
from bihuan.core.lifecycle import Fact
from bihuan.core.procedure import (
    Exclusion,
    NotAnsweredHere,
    NotSimple,
    UnknownProcedure,
    UnknownWay,
)
from bihuan.core.refusal import Missing, Refusal
from bihuan.grievances import refusals
from bihuan.grievances.actions import category
from bihuan.grievances.actions.leading import END_LEAD, MOVE_HANDOVER
from bihuan.web.templatetags.bihuan import day

Words = str | Promise

PARTS: dict[str, Words] = {
    "request": gettext_lazy("What was asked for"),
    "facts": gettext_lazy("Facts that were found"),
    "reasons": gettext_lazy("Reasons"),
    "decision": pgettext_lazy("written opinion", "Decision"),
    "outcome": gettext_lazy("Of the opinion before this one"),
    "basis": gettext_lazy("Legal basis"),
}
DECISIONS: dict[str, Words] = {
    Decision.SUPPORT: gettext_lazy("The request is supported"),
    Decision.EXPLAIN: gettext_lazy("It is understandable but without a basis, and is explained"),
    Decision.NOT_SUPPORT: gettext_lazy("The request is not supported"),
}
OUTCOMES: dict[str, Words] = {
    Outcome.UPHELD: gettext_lazy("It stands"),
    Outcome.CHANGED: gettext_lazy("It is changed"),
}
EXCLUSIONS: dict[str, Words] = {
    Exclusion.NOT_FIRST: gettext_lazy("it is not brought for the first time"),
    Exclusion.FROM_ABOVE: gettext_lazy("it was assigned from above"),
    Exclusion.LIKELY_REFUSED: gettext_lazy("the request is likely to be refused"),
    Exclusion.COMPLEX: gettext_lazy("it is major or complex, or needs several bodies"),
    Exclusion.OTHER_ROUTE: gettext_lazy("it takes another route"),
}
SERVICES: dict[str, Words] = {
    Service.HANDED: gettext_lazy("Handed over in person"),
    Service.HOUSEHOLD: gettext_lazy(
        "Handed to an adult who lives there, or to the person who was named for it"
    ),
    Service.POST: gettext_lazy("By registered post: the day stands on its receipt"),
    Service.LEFT: gettext_lazy("Refused, and left there before witnesses or with photos"),
}
_MISSING: dict[Fact, Words] = {
    Fact.ANSWERABLE: gettext_lazy(
        "Classify it first, as something that is answered here with a written opinion."
    ),
    Fact.ADVISED: gettext_lazy("Classify it first, as something that another route is open for."),
    Fact.OBJECTED: gettext_lazy("Nobody objects to a transfer of this case."),
    Fact.EXTENDABLE: gettext_lazy("The rule that this is due by knows no extension."),
    Fact.REVIEWABLE: gettext_lazy(
        "No review is left here. What else is open stands in the last letter."
    ),
    Fact.REVIEWED: gettext_lazy("The answer has not been reviewed yet."),
    Fact.UNSERVED: gettext_lazy(
        "It is known already since when the person has the last answer: it was read with the "
        "code, or its service was recorded. What was known first counts."
    ),
    Fact.STOPPED: gettext_lazy("No hearing is going on."),
}
_FORBIDDING: dict[Fact, Words] = {
    Fact.OBJECTED: gettext_lazy("An objection waits for the sender to answer."),
    Fact.REVIEWED: gettext_lazy("The answer has been reviewed already."),
    Fact.STOPPED: gettext_lazy("A hearing is going on. It must end first."),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    category.TooDeep: lambda: _("The tree has three levels, and this would be a fourth."),
    category.NameTaken: lambda: _("Another category at this place has the name already."),
    category.BelowItself: lambda: _("A category cannot hang below itself."),
    category.Retired: lambda: _("The category above is retired. Take it into use again first."),
    refusals.AboutThem: lambda: _(
        "It is about this unit, or about somebody there or above, so it cannot go there."
    ),
    refusals.HasItAlready: lambda: _("This unit has the case already."),
    refusals.PostElsewhere: lambda: _(
        "The post must be one of the unit that answers for the case."
    ),
    refusals.NobodyToReview: lambda: _(
        "In this system no unit above has anybody who may review this. Please ask the next body "
        "up in writing; “Where to turn” on the portal has its address. Your right is not lost."
    ),
    refusals.UnknownService: lambda: _("This procedure knows no such way to serve a letter."),
    NotAnsweredHere: lambda: _(
        "It was accepted, so it can only go over to a route on which it is answered here."
    ),
    UnknownWay: lambda: _("The procedure has no such route."),
    UnknownProcedure: lambda: _("There is no such procedure for grievances."),
}

# What the timeline says where a unit was closed or a post ended.
PASSED_ON: dict[str, Words] = {
    END_LEAD: gettext_lazy("The post of the lead officer ended"),
    MOVE_HANDOVER: gettext_lazy("The transfer goes to the unit that took over"),
}


def explain(refusal: Refusal) -> str:
    """Why something may not be done, in a sentence for the person who tried."""
    match refusal:
        case lifecycle.FactMissing(fact=fact) if fact in _MISSING:
            return str(_MISSING[fact])
        case lifecycle.FactForbids(fact=fact) if fact in _FORBIDDING:
            return str(_FORBIDDING[fact])
        case NotSimple(exclusion=exclusion):
            why = str(EXCLUSIONS[exclusion])
            return _("The simple procedure is not for this one: %(why)s.") % {"why": why}
        case refusals.NotServedThen(issued_date=issued_date):
            return _("The day of service lies between %(day)s, when it was issued, and today.") % {
                "day": day(issued_date)
            }
        case Missing(what=what) if set(what) & set(PARTS):
            parts = _("; ").join(str(PARTS.get(each, each)) for each in what)
            return _("Still missing: %(what)s.") % {"what": parts}
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else case_words.explain(refusal)


def led_cases(count: int) -> str:
    """How many grievances a leader answers for or a unit was to take over."""
    said = ngettext(
        "%(n)d grievance led or waiting to be taken over",
        "%(n)d grievances led or waiting to be taken over",
        count,
    )
    return said % {"n": count}
