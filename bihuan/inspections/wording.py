"""Texts of inspections: acts, answers, what is missing, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from bihuan import formats, languages
from bihuan.core import inspection as core
from bihuan.core.checklist import NO, NOT_APPLICABLE, YES, AnswerType, Item
from bihuan.core.checklist_answers import InvalidAnswer, Score, written
from bihuan.core.inspection import Act
from bihuan.core.refusal import Missing, NotAllowed, Refusal, WrongStage
from bihuan.files import wording as file_words
from bihuan.files.refusals import FileRefused
from bihuan.hazards.wording import explain as explain_hazard
from bihuan.inspections.models import Answer, Inspection
from bihuan.orgs.naming import seat_of

Words = str | Promise

# What the journal says was done.
ACTS: Mapping[str, Words] = {
    Act.PLAN: pgettext_lazy("an inspection", "Planned"),
    Act.BEGIN: pgettext_lazy("an inspection", "Begun"),
    Act.ANSWER: gettext_lazy("Item answered"),
    Act.PHOTOGRAPH: gettext_lazy("Photo of an item"),
    Act.SETTLE: gettext_lazy("Failed items decided"),
    Act.END: pgettext_lazy("an inspection", "Ended and signed"),
    Act.ABANDON: pgettext_lazy("an inspection", "Abandoned"),
    Act.TAKE_IN: gettext_lazy("Record on paper taken in from a register"),
    Act.ERASE: gettext_lazy("Name and signature of the site's side erased"),
}
_PLAIN: Mapping[str, Words] = {
    YES: pgettext_lazy("answer", "Yes"),
    NO: pgettext_lazy("answer", "No"),
    NOT_APPLICABLE: pgettext_lazy("answer", "Not applicable"),
}
_MISSING: Mapping[str, Words] = {
    "unanswered": gettext_lazy("Items without an answer:"),
    "without_photo": gettext_lazy("Failed items that still need a photo:"),
    "unsettled": gettext_lazy("Failed items that are not decided:"),
}
# The required values of the acts.
_VALUES: Mapping[str, Words] = {
    "result": gettext_lazy("Enter the result."),
    "reason": gettext_lazy("Enter a reason."),
    "photo": gettext_lazy("Add a photo of what was fixed on the spot."),
    "inspector": gettext_lazy("An inspector must sign."),
    "site": gettext_lazy("Choose how the site's side signs."),
    "name": gettext_lazy("Enter the name of the person who signs for the site."),
    "drawing": gettext_lazy("The signature of the site's side is missing."),
    "own_drawing": gettext_lazy("The signature of the inspector is missing."),
    "refusal": gettext_lazy("Enter why the site's side refused to sign."),
    "witness": gettext_lazy("Choose who witnessed the refusal."),
}
_REFUSALS: Mapping[type[Refusal], Callable[[], str]] = {
    NotAllowed: lambda: _("Only the posts that inspect may do this."),
    WrongStage: lambda: _("The inspection has not begun, or has already ended."),
    InvalidAnswer: lambda: _("The item does not take this answer."),
    core.NoInspector: lambda: _("Choose at least one post that inspects."),
    core.OneUnit: lambda: _("A joint inspection needs posts of at least two units."),
    core.SiteClosed: lambda: _("The site is closed."),
    core.InTheFuture: lambda: _("The day of the inspection has not come."),
    core.NotTheOperator: lambda: _("Only the unit that operates the site can check itself."),
    core.ChangedElsewhere: lambda: _("The item was answered elsewhere meanwhile."),
    core.NotInTheList: lambda: _("The checklist of this inspection has no such item."),
    core.TooManyPhotos: lambda: _("The inspection already has as many photos as it may have."),
    core.PhotoUsed: lambda: _(
        "This photo is already in use: in another inspection, or as a photo of what was found. "
        "Take a new one."
    ),
    core.WitnessInspects: lambda: _(
        "The witness must hold a post and be another officer than those who inspect."
    ),
    core.MustBeReported: lambda: _(
        "This failed item points to a major hazard. Report it as a hazard, or show by a photo that "
        "it was fixed on the spot."
    ),
    core.PlannedByOthers: lambda: _(
        "Only a coordinator who does not inspect may call off an inspection that is planned."
    ),
    core.NotFailed: lambda: _("The answer to this item does not fail."),
    core.AlreadySettled: lambda: _(
        "This failed item has already been decided. Take the decision back first; a reported "
        "hazard is changed on its own page."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal of any act of an inspection."""
    match refusal:
        case core.NotFinished():
            return formats.sentences([_("It cannot end yet."), _sentences(refusal.what)])
        case Missing() if refusal.what and refusal.what[0] in _VALUES:
            return str(_VALUES[refusal.what[0]])
        case FileRefused():
            return file_words.explain(refusal)
    sentence = _REFUSALS.get(type(refusal))
    return sentence() if sentence else explain_hazard(refusal)


def _sentences(missing: Mapping[str, Collection[str]]) -> str:
    return formats.sentences(
        f"{words} {len(missing[name])}." for name, words in _MISSING.items() if name in missing
    )


# ----------------------------------------------------------------------- answers
def item_text(item: Item) -> str:
    return languages.name(item.text.zh, item.text.en)


def answer_words(item: Item, value: str) -> str:
    """Return an answer as a reader sees it."""
    if not value:
        return pgettext("answer", "No answer")
    if value in _PLAIN and item.answer in (AnswerType.YES_NO, AnswerType.CHOICE, AnswerType.NUMBER):
        return str(_PLAIN[value])
    match item.answer:
        case AnswerType.CHOICE:
            chosen = next((each for each in item.choices if each.key == value), None)
            return languages.name(chosen.text.zh, chosen.text.en) if chosen else value
        case AnswerType.NUMBER:
            return f"{value} {item.measure}".strip()
        case AnswerType.PHOTO:
            return pgettext("answer", "Photo taken")
        case AnswerType.SIGNATURE:
            return pgettext("answer", "Signed on paper")
    return str(_PLAIN[value]) if value == NOT_APPLICABLE else value


def options(item: Item) -> list[tuple[str, str]]:
    """Return the answers that can be tapped, each with its label."""
    match item.answer:
        case AnswerType.SIGNATURE:
            values: tuple[str, ...] = ("signed",)
        case AnswerType.YES_NO | AnswerType.CHOICE:
            values = tuple(value for value in item.values if value != NOT_APPLICABLE)
        case _:
            values = ()
    if item.may_not_apply:
        values = (*values, NOT_APPLICABLE)
    return [(value, answer_words(item, value)) for value in values]


def by_whom(answer: Answer) -> str:
    return seat_of(answer.post)


def number(inspection: Inspection) -> str:
    return inspection.number


def score_words(score: Score | None) -> str:
    """Return the points reached; empty if the list has no scores, or nothing counts yet."""
    if score is None or score.points is None:
        return ""
    points = written(score.points)
    return _("%(points)s of %(full)d points") % {"points": points, "full": score.full}


def failed_words(count: int) -> str:
    if not count:
        return _("nothing failed")
    return ngettext("%(count)d item failed", "%(count)d items failed", count) % {"count": count}
