"""Texts of the portal: subjects, answers, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan import formats
from bihuan.calendars import wording as clock_words
from bihuan.cases import kinds
from bihuan.cases import wording as case_words
from bihuan.cases.models import Case
from bihuan.core.refusal import Missing, Refusal
from bihuan.core.routing import NoUnitAbove
from bihuan.core.slots import NoSlots
from bihuan.grievances import categories
from bihuan.grievances.wording import suggestion_promise
from bihuan.orgs import choices
from bihuan.portal import plain
from bihuan.portal.actions.reporting import Matter
from bihuan.portal.admission import DraftsFull, TooMuchAtOnce
from bihuan.portal.drafts import Gathered
from bihuan.portal.forms.report import AccusationForm, ReportForm
from bihuan.portal.guard import TooFast, TooMany, TooManyCodes, Trapped
from bihuan.portal.queries.terms import Standing, Term
from bihuan.portal.refusals import (
    AlreadyPlanned,
    DayPast,
    FormExpired,
    FormUsed,
    NameTaken,
    ReceptionCancelled,
    SlotTaken,
)
from bihuan.receipts import sides

Words = str | Promise

EXPIRED = gettext_lazy(
    "The form was open for more than a day. Your text is kept: please check it and send it again."
)
PHOTOS_GONE = gettext_lazy(
    "Photos are kept for less than a day before a report is sent. Please choose them again."
)
PHOTOS_CUT = gettext_lazy("Nine files at most, of them five documents. The others were not saved.")
PHOTOS_HELD_OFF = gettext_lazy(
    "Too many files came from your network within an hour, so your new ones were not saved. "
    "Please choose them again after the full hour."
)
PHOTOS_FULL = gettext_lazy(
    "There is no space for photos of unsent reports, so your new photos were not saved. Please "
    "continue without them, or choose them again in an hour."
)
PHOTOS_TOO_MUCH = gettext_lazy(
    "The photos are too large in total and were not saved. Please choose fewer."
)
DOCUMENTS_UNFIT = gettext_lazy(
    "Documents cannot be sent with this form, so they were left out: please say in your own words "
    "what they show."
)
UNKNOWN_CODE = gettext_lazy(
    "There is no report with this code. Check each digit or word, then try again."
)
OLD_PAGE = gettext_lazy("This page was open too long. Your text is kept: please send it again.")


def photos_missing(photos: Gathered) -> list[Words]:
    """Explain why some photos are missing."""
    reasons = (
        (photos.lost, PHOTOS_GONE),
        (photos.cut, PHOTOS_CUT),
        (photos.full, PHOTOS_FULL),
        (photos.unfit, DOCUMENTS_UNFIT),
    )
    return [reason for holds, reason in reasons if holds]


def photos_held_off(refusal: Refusal) -> str:
    """Explain why none of the photos was processed."""
    if isinstance(refusal, TooMany):
        return str(PHOTOS_HELD_OFF)
    return explain(refusal)


@dataclass(frozen=True)
class MatterWords:
    """One subject, as it is offered."""

    matter: Matter
    label: Words
    hint: Words
    icon: str
    place: Words = field(default=gettext_lazy("Where is it?"))
    question: Words = field(default=gettext_lazy("What is the problem?"))
    find: Words = field(
        default=gettext_lazy("Find by the name of a town, village, estate or street")
    )
    unknown: Words = field(default=gettext_lazy("The county finds the place by your description."))
    passed_on: Words = field(
        default=gettext_lazy("It finds the place by your description, and passes your report on.")
    )


def _said_of_ideas() -> str:
    return _("An idea for an improvement. %(promise)s") % {"promise": suggestion_promise()}


_idea = lazy(_said_of_ideas, str)
_FIND_OFFICE = gettext_lazy("Find the town, village or office by name")
MATTERS: dict[str, MatterWords] = {
    words.matter: words
    for words in (
        MatterWords(
            Matter.HAZARD,
            pgettext_lazy("public", "Hazard"),
            gettext_lazy(
                "Something that could injure people: a blocked exit, a loose wire, a hole."
            ),
            "hazard",
        ),
        MatterWords(
            Matter.GRIEVANCE,
            gettext_lazy("Request or complaint"),
            gettext_lazy("Something that needs to be corrected, paid, repaired or explained."),
            "edit",
        ),
        MatterWords(
            Matter.ACCUSATION,
            gettext_lazy("Complaint about an office or an officer"),
            gettext_lazy(
                "It goes to the office above. The person or office complained of never sees it."
            ),
            "lock",
            gettext_lazy("Who is it about?"),
            find=_FIND_OFFICE,
        ),
        MatterWords(
            Matter.SUGGESTION,
            gettext_lazy("A suggestion"),
            _idea(),
            "send",
            gettext_lazy("Who is it for?"),
            gettext_lazy("What do you suggest?"),
            _FIND_OFFICE,
            gettext_lazy("The county finds the office."),
            gettext_lazy("It finds the office for you."),
        ),
        MatterWords(
            Matter.DISPUTE,
            gettext_lazy("Dispute for mediation"),
            gettext_lazy(
                "With a neighbour, an employer or a company. Free, and only if both parties agree."
            ),
            "people",
        ),
    )
}


# ------------------------------------------------------------- check the answers
@dataclass(frozen=True)
class Answer:
    """One answer, and the step on which to change it."""

    label: str
    value: str
    step: str


def answers(form: ReportForm) -> list[Answer]:
    """Return all answers, in the order of the steps."""
    return [
        Answer(str(form[name].label), value, step)
        for step, names in form.steps.items()
        for name in names
        if name != "photos" and (value := _said(form, form[name]))
    ]


def _said(form: ReportForm, bound: BoundField) -> str:
    value = form.cleaned_data.get(bound.name)
    match bound.name, value:
        case "category", str(code):
            found = categories.coded(code)
            return categories.name_of(found) if found else _("I do not know")
        case "seats", list(keys) if isinstance(form, AccusationForm):
            about = form.seats_offered(form.cleaned_data.get("about") or [])
            return _list([seat.title for seat in about if str(seat.post.pk) in keys])
        case "unit", [_] if form.is_unplaced:
            return _("I do not know")
        case _, [*units] if units and isinstance(units[0], Model):
            return _list([choices.name_of(unit) for unit in units])
        case _, True:
            return _("yes")
        case _, None | False | [] | "":
            return ""
    return str(value)


def _list(words: list[str]) -> str:
    return formats.clauses(words)


# ------------------------------------------------------------------ time limits
_STANDINGS: dict[Standing, Words] = {
    Standing.RIGHT: gettext_lazy("Your right by law"),
    Standing.YOURS: gettext_lazy("Until then you may act, by law"),
    Standing.LAW: gettext_lazy("Set by law for the offices"),
    Standing.TARGET: gettext_lazy("Usual in this system; not a legal deadline"),
}


@dataclass(frozen=True)
class SpokenTerm:
    """A time limit in plain language."""

    term: Term
    name: str
    standing: str
    sentence: str
    source: str


def speak_terms(kind: str, terms: list[Term]) -> Iterator[SpokenTerm]:
    """Return the time limits of a case of this kind, by their names for the public."""
    names = sides.of(kind).plain.terms
    for term in terms:
        yield SpokenTerm(
            term,
            str(names.get(term.rule.id) or case_words.in_language(term.rule.name)),
            str(_STANDINGS[term.standing]),
            clock_words.sentence(term.derived, plain.EVENTS),
            "" if term.standing is Standing.TARGET else case_words.in_language(term.rule.source),
        )


# --------------------------------------------------------------------- refusals
_MISSING: dict[str, Words] = {
    "words": gettext_lazy("some text or a photo"),
    "note": gettext_lazy("the reason"),
    "title": gettext_lazy("a one-line description"),
    "name": gettext_lazy("a name"),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    DraftsFull: lambda: str(PHOTOS_FULL),
    TooMuchAtOnce: lambda: str(PHOTOS_TOO_MUCH),
    TooManyCodes: lambda: _(
        "Many wrong codes came from your network within this hour. Press the button again: the "
        "page takes a second or two to prove that it is not a robot. If scripts are off, try "
        "again after the full hour, or call the office."
    ),
    TooMany: lambda: _(
        "Too many reports came from your network within this hour, so yours was not accepted "
        "yet. Your text is kept: please send it again after the full hour, or call the office."
    ),
    TooFast: lambda: _("Submitted too quickly. Your text is kept: please send it again."),
    Trapped: lambda: _("One field only stops robots. Please leave it empty."),
    NoUnitAbove: lambda: _nobody_above(),
    SlotTaken: lambda: _("This slot is no longer free. Please choose another one."),
    ReceptionCancelled: lambda: _("This reception day is cancelled."),
    AlreadyPlanned: lambda: _("On %(on)s this post already has a reception that overlaps."),
    DayPast: lambda: _("Choose today or a later date."),
    NoSlots: lambda: _("The time is too short for one visitor, or has too many slots."),
    FormExpired: lambda: _("The page was open too long. Please press the button again."),
    NameTaken: lambda: _(
        "“%(name)s” is or contains a name of %(place)s, so people who look for that place would "
        "not find it. Leave it out, or write another name."
    ),
    FormUsed: lambda: _("You released this slot. To book again, choose it on the page."),
}


def _nobody_above() -> str:
    said = _(
        "No unit in this system is above the person or office you complain of, so your report "
        "was not sent: it would have reached them. Please contact the level above in person, by "
        "letter or by telephone."
    )
    if settings.PROCEDURE.startswith("CN"):
        there = _("You can report this to discipline inspection and supervision at 12388.")
        return formats.sentences([said, there])
    return said


def explain(refusal: Refusal) -> str:
    """Explain a refusal, and what to do, in a sentence for the person who sent it."""
    if isinstance(refusal, Missing):
        named = [str(_MISSING[each]) for each in refusal.what if each in _MISSING]
        if named:
            return _("Please add: %(what)s.") % {"what": _list(named)}
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else case_words.explain(refusal)


def explain_for(case: Case, refusal: Refusal) -> str:
    """Do the same for an act on a case, whose kind has more reasons."""
    if isinstance(refusal, Missing) or type(refusal) in _SENTENCES:
        return explain(refusal)
    return kinds.of(case).wording.explain(refusal)


def not_recorded(case: Case, refusal: Refusal) -> str:
    """Explain to the sender why something was not recorded on a case."""
    return _("Not recorded. %(why)s") % {"why": explain_for(case, refusal)}


def stage(case: Case) -> str:
    return str(kinds.stage_words(case.kind, case.stage))


def coming_receptions(count: int) -> str:
    """Say how many coming reception days a unit or a post has."""
    return ngettext("%(n)d reception day", "%(n)d reception days", count) % {"n": count}
