"""Texts about criteria."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson
from bihuan.core.rules import Confidence
from bihuan.criteria.actions import CONFIRM, SECOND, WITHDRAW
from bihuan.criteria.matching import Proposed
from bihuan.criteria.refusals import AlreadyConfirmed, NotADraft, NotConfirmed, ReadInTheFuture
from bihuan.orgs import wording as org_words

ACTS: Mapping[str, Promise] = {
    CONFIRM: pgettext_lazy("happened", "Draft criterion compared"),
    SECOND: pgettext_lazy("happened", "Draft criterion confirmed by a second officer"),
    WITHDRAW: pgettext_lazy("happened", "Confirmation of a criterion withdrawn"),
}
CONFIDENCES: Mapping[Confidence, Promise] = {
    Confidence.READ: gettext_lazy("Text read"),
    Confidence.SECOND_HAND: gettext_lazy("From a secondary source"),
    Confidence.RECALLED: gettext_lazy("Draft, quoted from memory"),
    Confidence.PROJECT_DEFAULT: gettext_lazy("Default of this system"),
}
JOINS: Mapping[str, Promise] = {
    "and": gettext_lazy("Only all of these together:"),
    "or": gettext_lazy("One of these is enough:"),
}
_REFUSALS: Mapping[type[Refusal], Promise] = {
    NotAllowed: gettext_lazy(
        "Only a coordinator or administrator of the topmost unit confirms criteria."
    ),
    SamePerson: gettext_lazy("A second officer confirms it, not the one who compared it first."),
    Missing: gettext_lazy("Enter where the official text was read, or the reason."),
    AlreadyConfirmed: gettext_lazy("This criterion is already confirmed."),
    NotADraft: gettext_lazy("This criterion is not a draft."),
    NotConfirmed: gettext_lazy("This criterion is not confirmed, or was withdrawn already."),
    ReadInTheFuture: gettext_lazy("The day cannot be in the future."),
}


def explain(refusal: Refusal) -> str:
    sentence = _REFUSALS.get(type(refusal))
    return str(sentence) if sentence else org_words.explain(refusal)


def reason(proposed: Proposed) -> str:
    """Say why a criterion is proposed."""
    if not proposed.words:
        return _("A failed item of the checklist names it.")
    words = _(", ").join(f"“{each}”" for each in proposed.words)
    return _("The text contains %(words)s.") % {"words": words}
