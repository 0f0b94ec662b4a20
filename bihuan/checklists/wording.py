"""What is said about checklists: kinds of answers, faults, and why something was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.checklists import refusals
from bihuan.checklists.acts import ChecklistAct
from bihuan.core.checklist import NO, NOT_APPLICABLE, YES, AnswerType, Fault, Found
from bihuan.core.checklist_answers import InvalidAnswer
from bihuan.core.checklist_json import UnreadableContent
from bihuan.core.checklist_xlsform import Refused, Remark, Why
from bihuan.core.hazard import Grade
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.core.rules import Confidence

Words = str | Promise

ANSWERS: Mapping[AnswerType, Words] = {
    AnswerType.YES_NO: pgettext_lazy("type of answer", "Yes or no"),
    AnswerType.NUMBER: pgettext_lazy("type of answer", "Number"),
    AnswerType.CHOICE: pgettext_lazy("type of answer", "Choice"),
    AnswerType.TEXT: pgettext_lazy("type of answer", "Text"),
    AnswerType.PHOTO: pgettext_lazy("type of answer", "Photo"),
    AnswerType.SIGNATURE: pgettext_lazy("type of answer", "Signature"),
}
# The answers that mean the same in every list.
PLAIN: Mapping[str, Words] = {
    YES: pgettext_lazy("answer to an item", "Yes"),
    NO: pgettext_lazy("answer to an item", "No"),
    NOT_APPLICABLE: pgettext_lazy("answer to an item", "Not applicable"),
}
GRADES: Mapping[Grade, Words] = {
    Grade.GENERAL: pgettext_lazy("a proposed hazard", "General hazard"),
    Grade.MAJOR: pgettext_lazy("a proposed hazard", "Major hazard"),
}
# What became of a draft meanwhile, by the button that was pressed or the form that was sent.
TOUCHED: Mapping[str, Words] = {
    "item": gettext_lazy("item saved"),
    "item-up": gettext_lazy("item moved"),
    "item-down": gettext_lazy("item moved"),
    "item-copy": gettext_lazy("item copied"),
    "item-delete": gettext_lazy("item deleted"),
    "section": gettext_lazy("section saved"),
    "section-up": gettext_lazy("section moved"),
    "section-down": gettext_lazy("section moved"),
    "section-delete": gettext_lazy("section deleted"),
    "full_score": gettext_lazy("full score changed"),
    "undo": gettext_lazy("last change undone"),
    "file": gettext_lazy("everything replaced from a file"),
}
CONFIDENCES: Mapping[Confidence, Words] = {
    Confidence.READ: gettext_lazy("The text was read"),
    Confidence.SECOND_HAND: gettext_lazy("Known second-hand"),
    Confidence.RECALLED: gettext_lazy("To be verified"),
    Confidence.PROJECT_DEFAULT: gettext_lazy("No regulation: default of the system"),
}
ACTS: Mapping[str, Words] = {
    ChecklistAct.MAKE: gettext_lazy("Checklist created"),
    ChecklistAct.RENAME: gettext_lazy("Title or kinds of sites changed"),
    ChecklistAct.BEGIN_DRAFT: gettext_lazy("New version begun"),
    ChecklistAct.CHANGE_DRAFT: gettext_lazy("Draft changed"),
    ChecklistAct.DISCARD_DRAFT: gettext_lazy("Draft discarded"),
    ChecklistAct.PUT_TO_USE: gettext_lazy("Version put to use"),
    ChecklistAct.RETIRE: gettext_lazy("Checklist retired"),
    ChecklistAct.BRING_BACK: gettext_lazy("Checklist brought back"),
}
FAULTS: Mapping[Fault, Words] = {
    Fault.NO_ITEMS: gettext_lazy("The checklist has no items."),
    Fault.EMPTY_SECTION: gettext_lazy("The section has no items."),
    Fault.NO_TITLE: gettext_lazy("The section has no Chinese title."),
    Fault.TOO_MANY_SECTIONS: gettext_lazy("The checklist has too many sections."),
    Fault.TOO_MANY_ITEMS: gettext_lazy("The checklist has too many items."),
    Fault.BAD_KEY: gettext_lazy(
        "The key must begin with a small letter and have only small letters, digits and _."
    ),
    Fault.KEY_TWICE: gettext_lazy("The same key is used twice."),
    Fault.NO_TEXT: gettext_lazy("The item has no Chinese text."),
    Fault.TOO_LONG: gettext_lazy("A text is too long."),
    Fault.BAD_FAILING: gettext_lazy("The answer that fails must be yes or no."),
    Fault.BAD_RANGE: gettext_lazy("The lowest value is above the highest, or is too large."),
    Fault.TOO_FEW_CHOICES: gettext_lazy("A choice needs at least two answers."),
    Fault.TOO_MANY_CHOICES: gettext_lazy("The choice has too many answers."),
    Fault.CHOICE_TWICE: gettext_lazy("The same answer is there twice."),
    Fault.CHOICE_WITHOUT_TEXT: gettext_lazy("An answer has no Chinese text."),
    Fault.BAD_SCORE: gettext_lazy("The score must be from 0 to 1000."),
    Fault.BAD_DAYS: gettext_lazy("The deadline must be from 1 to 3650 days."),
    Fault.CANNOT_FAIL: gettext_lazy(
        "No answer to this item fails, so it can have no score, no photo when failed and no hazard."
    ),
    Fault.UNKNOWN_CONDITION: gettext_lazy("The condition names an item that is not in the list."),
    Fault.LATER_CONDITION: gettext_lazy(
        "The condition names a later item. Move this item behind it."
    ),
    Fault.OWN_CONDITION: gettext_lazy("The condition names the item itself."),
    Fault.CONDITION_VALUE: gettext_lazy(
        "The condition names no answer, or one that the other item cannot have."
    ),
    Fault.ASKS_FOR_PERSON: gettext_lazy(
        "The item asks for persons. A checklist asks whether a rule is kept; it never collects "
        "visitors, pupils or staff."
    ),
}


def fault(found: Found) -> str:
    """Explain a fault; the words that led to it are quoted."""
    said = str(FAULTS[found.fault])
    if not found.words:
        return said
    words = _(", ").join(found.words)
    return _("%(reason)s Words: %(words)s") % {"reason": said, "words": words}


# ----------------------------------------------------------------------- XLSForm
WHY: Mapping[Why, Words] = {
    Why.TYPE: gettext_lazy("A checklist has no answers of this type."),
    Why.REPEAT: gettext_lazy("A checklist asks each item once; there are no repeats."),
    Why.NESTED: gettext_lazy("A section cannot be inside another section."),
    Why.GEOGRAPHIC: gettext_lazy("Places and shapes belong to the site, not to its checklist."),
    Why.SEVERAL: gettext_lazy("An item has one answer. Ask each of the answers as an item."),
    Why.OTHER: gettext_lazy("“Other” needs an item of its own."),
    Why.EXTERNAL: gettext_lazy("Answers must be in the file itself."),
    Why.RECORDED: gettext_lazy(
        "The device, the time and the person who fills in a form are not collected by items."
    ),
    Why.NOTE: gettext_lazy("A text without an answer is no item. Put it into the help of an item."),
    Why.CALCULATED: gettext_lazy("A checklist does not calculate or fill in answers."),
    Why.MEDIA: gettext_lazy("An item has no pictures, sounds or films of its own."),
    Why.READ_ONLY: gettext_lazy("An item that cannot be answered is no item."),
    Why.RELEVANT: gettext_lazy(
        "The condition says more than “if another item has one of these answers”."
    ),
    Why.CONSTRAINT: gettext_lazy("The range says more than a lowest and a highest value."),
    Why.REQUIRED: gettext_lazy("Whether an answer is required must be yes or no."),
    Why.LANGUAGE: gettext_lazy("A checklist is in Chinese and English."),
    Why.NO_LIST: gettext_lazy("The list of answers is not in the file."),
    Why.OWN_COLUMN: gettext_lazy("The value of this column cannot be read."),
    Why.SHEET: gettext_lazy("This sheet has no place in a checklist."),
    Why.COLUMN: gettext_lazy("This column sets something that a checklist does not have."),
    Why.FORMULA: gettext_lazy("The cell is a formula. Replace it by its text."),
    Why.NO_QUESTIONS: gettext_lazy("The form has no questions."),
}
REMARKS: Mapping[Remark, Words] = {
    Remark.LOOKS: gettext_lazy("Columns that only change how a form looks are left out"),
    Remark.UNKNOWN: gettext_lazy("Columns that are no part of XLSForm are left out"),
    Remark.RENAMED: gettext_lazy("These names get keys that a checklist can have"),
    Remark.WHICH_FAILS: gettext_lazy("“No” counts as failed; change it where “yes” does"),
    Remark.RANGE_FAILS: gettext_lazy(
        "A value outside of the range can be entered and counts as failed"
    ),
}


def refused(each: Refused) -> str:
    """Explain why something of a form is refused; what it says is quoted."""
    why = str(WHY[each.why])
    if not each.detail:
        return why
    return _("%(reason)s In the file: %(detail)s") % {"reason": why, "detail": each.detail}


# ---------------------------------------------------------------------- refusals
_INVALID: Mapping[AnswerType, Words] = {
    AnswerType.YES_NO: gettext_lazy("Answer yes, no or not applicable."),
    AnswerType.NUMBER: gettext_lazy("Enter a number."),
    AnswerType.CHOICE: gettext_lazy("Choose one of the answers."),
    AnswerType.TEXT: gettext_lazy("Enter a text of at most 2000 characters."),
    AnswerType.PHOTO: gettext_lazy("Take a photo."),
    AnswerType.SIGNATURE: gettext_lazy("Sign."),
}
_SENTENCES: Mapping[type[Refusal], Callable[[], str]] = {
    NotAllowed: lambda: _("Only coordinators of the unit keep its checklists."),
    refusals.TitleTaken: lambda: _("The unit has another checklist with this title."),
    refusals.AlreadyInUse: lambda: _(
        "Another version was put to use at the same time. Reload the page."
    ),
    refusals.NothingChanged: lambda: _("The draft says the same as the version in use."),
    refusals.NoDraft: lambda: _("The draft is no longer there. Reload the page."),
    refusals.DraftExists: lambda: _("The checklist has a draft already."),
    refusals.Retired: lambda: _("The checklist is retired. Bring it back first."),
    refusals.NotRetired: lambda: _("The checklist is not retired."),
    refusals.HasFaults: lambda: _("The draft still has faults. They are listed on its page."),
    refusals.ChangedMeanwhile: lambda: _(
        "The draft was changed after this page was opened. Look at the changes and try again."
    ),
    refusals.CannotExport: lambda: _(
        "A text has “${”, which an XLSForm reads as a reference. Change the text first."
    ),
    UnreadableContent: lambda: _("The checklist cannot be read."),
    Missing: lambda: _("Fill in this field."),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the officer."""
    if isinstance(refusal, InvalidAnswer):
        return str(_INVALID[refusal.answer])
    if isinstance(refusal, refusals.NotAForm):
        return _not_a_form(refusal)
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else _("The rules do not allow this.")


def _not_a_form(refusal: refusals.NotAForm) -> str:
    said = _("This is no valid XLSForm.")
    if not refusal.complaint:
        return said
    return _("%(said)s The check says: %(complaint)s") % {
        "said": said,
        "complaint": refusal.complaint,
    }
