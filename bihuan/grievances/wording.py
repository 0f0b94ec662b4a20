"""Texts for grievances, suggestions and categories."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan import formats
from bihuan.cases import wording as case_words
from bihuan.cases.models import Case
from bihuan.core import lifecycle, procedure
from bihuan.core.grievance import Decision, GrievanceFact, ReviewOutcome, Service
from bihuan.core.lifecycle import Fact
from bihuan.core.procedure import (
    NotAnsweredHere,
    NotSimple,
    SimpleExclusion,
    UnknownProcedure,
    UnknownWay,
)
from bihuan.core.refusal import Missing, Refusal
from bihuan.core.suggestion import SuggestionFact
from bihuan.grievances import refusals
from bihuan.grievances.actions import category
from bihuan.grievances.actions.leadership import END_LEAD, MOVE_HANDOVER
from bihuan.web.templatetags.bihuan import day

Words = str | Promise

# The texts of notices of a move, by "move.group".
TOLD: dict[str, Words] = {
    "receive.next": gettext_lazy("A new grievance was received, for your unit to classify."),
    "transfer.next": gettext_lazy("%(unit)s transferred this to you. Take it over or object."),
    "object.next": gettext_lazy("%(unit)s objects to the transfer. Please answer."),
    "redirect.author": gettext_lazy("The reporter of what you entered was referred elsewhere."),
    "draft.next": gettext_lazy("A draft of an answer was submitted for your decision."),
    "send_back.post": gettext_lazy("The draft was returned for revision."),
    "send_back.workers": gettext_lazy("The draft was returned for revision."),
    "send_back_review.workers": gettext_lazy("The draft was returned for revision."),
    "send_back_rereview.workers": gettext_lazy("The draft was returned for revision."),
    "issue.workers": gettext_lazy("The answer was issued."),
    "issue.post": gettext_lazy("The answer was issued."),
    "issue.author": gettext_lazy("What you entered was answered."),
    "ask_review.next": gettext_lazy("The reporter requests a review of the answer."),
    "ask_rereview.next": gettext_lazy("The reporter requests a second review of the answer."),
    "draft_review.next": gettext_lazy("A draft of an answer was submitted for your decision."),
    "draft_rereview.next": gettext_lazy("A draft of an answer was submitted for your decision."),
    "set_lead.named": gettext_lazy("%(unit)s named your post as lead officer."),
}
TOLD_OF_SUGGESTIONS: dict[str, Words] = {
    "receive.next": gettext_lazy("A new suggestion was received, for your unit to examine."),
    "consider.post": gettext_lazy("%(unit)s assigned this suggestion to your post."),
    "adopt.author": gettext_lazy("The suggestion that you entered was adopted."),
    "not_adopt.author": gettext_lazy("The suggestion that you entered was not adopted."),
}
PARTS: dict[str, Words] = {
    "request": gettext_lazy("What was asked for"),
    "facts": gettext_lazy("Findings"),
    "reasons": gettext_lazy("Reasons"),
    "decision": pgettext_lazy("written opinion", "Decision"),
    "outcome": gettext_lazy("On the previous opinion"),
    "basis": gettext_lazy("Legal basis"),
}
DECISIONS: dict[str, Words] = {
    Decision.SUPPORT: gettext_lazy("The request is supported"),
    Decision.EXPLAIN: gettext_lazy(
        "The request is understandable but has no basis, and this is explained"
    ),
    Decision.NOT_SUPPORT: gettext_lazy("The request is not supported"),
}
OUTCOMES: dict[str, Words] = {
    ReviewOutcome.UPHELD: gettext_lazy("Upheld"),
    ReviewOutcome.CHANGED: gettext_lazy("Changed"),
}
EXCLUSIONS: dict[str, Words] = {
    SimpleExclusion.NOT_FIRST: gettext_lazy("not the first report"),
    SimpleExclusion.FROM_ABOVE: gettext_lazy("assigned from above"),
    SimpleExclusion.LIKELY_REFUSED: gettext_lazy("the request is likely to be refused"),
    SimpleExclusion.COMPLEX: gettext_lazy("major, complex, or several units are concerned"),
    SimpleExclusion.OTHER_ROUTE: gettext_lazy("another route applies"),
}
SERVICES: dict[str, Words] = {
    Service.HANDED: gettext_lazy("Handed over in person"),
    Service.HOUSEHOLD: gettext_lazy(
        "Handed to an adult in the household or to the named recipient"
    ),
    Service.POST: gettext_lazy("By registered post: see the receipt for the day"),
    Service.LEFT: gettext_lazy("Refused, and left there before witnesses or with photos"),
}
_MISSING: dict[Fact, Words] = {
    SuggestionFact.MAY_PUBLISH: gettext_lazy("The author did not agree to publication."),
    GrievanceFact.ANSWERABLE: gettext_lazy(
        "First classify it as a matter to be answered here with a written opinion."
    ),
    GrievanceFact.ADVISED: gettext_lazy("First classify it as a matter for another route."),
    GrievanceFact.OBJECTED: gettext_lazy("There is no objection to a transfer of this case."),
    GrievanceFact.EXTENDABLE: gettext_lazy(
        "The rule for this time limit does not allow an extension."
    ),
    GrievanceFact.REVIEWABLE: gettext_lazy(
        "No further review is available here. For other remedies see the last letter."
    ),
    GrievanceFact.REVIEWED: gettext_lazy("The answer has not been reviewed yet."),
    GrievanceFact.UNSERVED: gettext_lazy(
        "The date on which the person received the last answer is already known: it was read "
        "with the code, or its service was recorded. The earlier record counts."
    ),
    GrievanceFact.IN_HEARING: gettext_lazy("There is no hearing in progress."),
}
_FORBIDDING: dict[Fact, Words] = {
    GrievanceFact.OBJECTED: gettext_lazy("An objection is waiting for the sender's answer."),
    GrievanceFact.REVIEWED: gettext_lazy("The answer has already been reviewed."),
    GrievanceFact.IN_HEARING: gettext_lazy("A hearing is in progress. End it first."),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    category.TooDeep: lambda: _("Categories have three levels; a fourth is not possible."),
    category.NameTaken: lambda: _("The category above already has a subcategory with this name."),
    category.BelowItself: lambda: _("A category cannot be moved below itself."),
    category.Retired: lambda: _("The category above is retired. Restore it first."),
    refusals.AboutThem: lambda: _(
        "The case concerns this unit, a unit above it or an officer there, so it cannot go there."
    ),
    refusals.HasItAlready: lambda: _("This unit already has the case."),
    refusals.PostElsewhere: lambda: _("The post must belong to the responsible unit."),
    refusals.NobodyToReview: lambda: _(
        "This system has no unit above with an officer who may review this. Please write to the "
        "next higher body; see “Where to turn” on the portal for its address. You keep your "
        "right."
    ),
    refusals.UnknownService: lambda: _("This procedure does not have this method of service."),
    NotAnsweredHere: lambda: _(
        "The case was accepted, so it can only change to a route on which it is answered here."
    ),
    UnknownWay: lambda: _("The procedure has no such route."),
    UnknownProcedure: lambda: _("There is no such procedure for grievances."),
}

# Timeline texts for a closed unit or post.
PASSED_ON: dict[str, Words] = {
    END_LEAD: gettext_lazy("The post of the lead officer ended"),
    MOVE_HANDOVER: gettext_lazy("The transfer goes to the successor unit"),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    match refusal:
        case lifecycle.FactMissing(fact=fact) if fact in _MISSING:
            return str(_MISSING[fact])
        case lifecycle.FactForbids(fact=fact) if fact in _FORBIDDING:
            return str(_FORBIDDING[fact])
        case NotSimple(exclusion=exclusion):
            why = str(EXCLUSIONS[exclusion])
            return _("The simple procedure does not apply: %(why)s.") % {"why": why}
        case refusals.NotServedThen(issued_date=issued_date):
            return _("The day of service must be between %(day)s, the day of issue, and today.") % {
                "day": day(issued_date)
            }
        case Missing(what=what) if set(what) & set(PARTS):
            parts = formats.clauses(str(PARTS.get(each, each)) for each in what)
            return _("Still missing: %(what)s.") % {"what": parts}
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else case_words.explain(refusal)


def led_cases(count: int) -> str:
    """Say how many grievances a leader is responsible for or a unit was to take over."""
    text = ngettext(
        "%(n)d grievance led or awaiting takeover",
        "%(n)d grievances led or awaiting takeover",
        count,
    )
    return text % {"n": count}


# --------------------------------------------------------------- after the report
def next_steps(case: Case) -> Words:
    """Say what happens after a grievance; of an accusation, what the procedure says."""
    if case.is_confidential:
        return _advice("accusation")
    return _(
        "The office registers it and informs you in writing whether it accepts it, on which "
        "path, or who else is responsible. You receive a written answer with reasons, and your "
        "remedies if you do not agree."
    )


def after_suggestion(case: Case) -> Words:
    """Say what happens after a suggestion, as the procedure in force says it."""
    return suggestion_promise()


def suggestion_promise() -> str:
    """Return what is promised of a suggestion: the one text for every page."""
    return _advice("suggestion")


def _advice(way: str) -> str:
    return case_words.in_language(procedure.named(settings.PROCEDURE).ways[way].advice)
