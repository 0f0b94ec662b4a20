"""Texts for transfer letters: acts, notices and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.clocks.actions.ticking import ESCALATE, OVERDUE
from bihuan.core.deadlines import Cause
from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson, WrongStage
from bihuan.core.routing import ShutOut
from bihuan.files import wording as file_words
from bihuan.notices.models import Notice
from bihuan.orgs import wording as org_words
from bihuan.transfers import refusals
from bihuan.transfers.actions.succession import TO_SUCCESSOR
from bihuan.transfers.acts import Act

Words = str | Promise

DO: Mapping[Act, Words] = {
    Act.ISSUE: pgettext_lazy("transfer letter", "Issue letter"),
    Act.CHANGE: pgettext_lazy("transfer letter", "Change draft"),
    Act.DISCARD: pgettext_lazy("transfer letter", "Discard draft"),
    Act.RECEIVE: _("Record receipt"),
    Act.ANSWER: pgettext_lazy("transfer letter", "Record answer"),
    Act.WITHDRAW: pgettext_lazy("transfer letter", "Withdraw letter"),
}
DONE: Mapping[str, Words] = {
    Act.DRAFT: pgettext_lazy("transfer letter", "Drafted"),
    Act.CHANGE: pgettext_lazy("transfer letter", "Draft changed"),
    Act.ISSUE: pgettext_lazy("transfer letter", "Issued"),
    Act.DISCARD: pgettext_lazy("transfer letter", "Draft discarded"),
    Act.RECEIVE: pgettext_lazy("transfer letter", "Received"),
    Act.ANSWER: pgettext_lazy("transfer letter", "Answered"),
    Act.WITHDRAW: pgettext_lazy("transfer letter", "Withdrawn"),
    TO_SUCCESSOR: _("Passed to the unit that takes over"),
    OVERDUE: _("The answer is overdue"),
    ESCALATE: _("Reported to the next level"),
    **file_words.ACTS,
}
CONSEQUENCES: Mapping[Act, tuple[Words, ...]] = {
    Act.ISSUE: (
        _("The letter gets a number. From now on its text and photos stay as they are."),
        _("The competent body sees the letter and its photos, and nothing else of the case."),
        _("The time for the answer begins today."),
    ),
    Act.DISCARD: (_("The draft is not issued. It stays on record with your reason."),),
    Act.WITHDRAW: (
        _("No answer is owed any longer. The letter stays on record with your reason."),
        _("A receiving unit in the system gets a notice."),
    ),
}
_NOTICES: Mapping[str, Words] = {
    Act.ISSUE: _("A transfer letter was sent to your unit. Record its receipt and answer it."),
    Act.RECEIVE: _("A transfer letter was received."),
    Act.ANSWER: _("A transfer letter was answered."),
    Act.WITHDRAW: _("A transfer letter to your unit was withdrawn. No answer is owed."),
    Cause.WARNING: _("The answer to a transfer letter is due soon."),
    Cause.OVERDUE: _("The answer to a transfer letter is overdue."),
    Cause.ESCALATION: _("A transfer letter has not been answered although it was overdue."),
}
_REFUSALS: Mapping[type[Refusal], Words] = {
    NotAllowed: _("None of your posts allows this action on this letter."),
    SamePerson: _("Another officer issues the letter, not the one who wrote it."),
    WrongStage: _("The letter has moved on meanwhile. Reload the page."),
    Missing: _("Fill in what is missing."),
    ShutOut: _("The case is closed to this unit. Choose another competent body."),
    refusals.NotTransferable: _("No letter is made from a case that was rejected."),
    refusals.OneAddressee: _("Choose a unit, or enter the name of a body outside, not both."),
    refusals.OwnUnit: _("The unit that sends the letter cannot receive it."),
    refusals.NotOfThisCase: _("Choose photos that officers took for this case."),
    refusals.NotYet: _("This date is in the future."),
    refusals.BeforeIssue: _("This date is before the letter was issued or received."),
}


def explain(refusal: Refusal) -> str:
    sentence = _REFUSALS.get(type(refusal))
    return str(sentence) if sentence else org_words.explain(refusal)


def notice(message: Notice) -> str:
    return str(_NOTICES[message.what])
