"""Texts for duties: acts and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.duties import refusals
from bihuan.duties.acts import Act
from bihuan.files import wording as file_words
from bihuan.orgs import wording as org_words

Words = str | Promise

DONE: Mapping[str, Words] = {
    Act.ASSIGN: pgettext_lazy("a duty", "Assigned"),
    Act.REWORD: pgettext_lazy("a duty", "Text changed"),
    Act.HAND_OVER: pgettext_lazy("a duty", "Given to another post"),
    Act.SIGN: pgettext_lazy("a duty", "Signed"),
    Act.END: pgettext_lazy("a duty", "Ended"),
    **file_words.ACTS,
}
_REFUSALS: Mapping[type[Refusal], Words] = {
    NotAllowed: gettext_lazy("Only a coordinator of the unit in charge may do this."),
    Missing: gettext_lazy("A required field is missing."),
    refusals.UnknownKind: gettext_lazy("This kind is not in the list."),
    refusals.AssignedAlready: gettext_lazy("This post already has this duty at the site."),
    refusals.SiteClosed: gettext_lazy("The site is closed. Reopen it first."),
    refusals.DutyEnded: gettext_lazy("This duty has ended."),
    refusals.PostEnded: gettext_lazy("This post has ended, or belongs to no unit of this site."),
    refusals.NotTheHolder: gettext_lazy("Only the holder of the post signs."),
    refusals.SignedAlready: gettext_lazy("You have already signed this text."),
    refusals.TextMoved: gettext_lazy("The text was changed meanwhile. Read it and sign again."),
    refusals.EndsBeforeStart: gettext_lazy("The last day is before the first."),
    refusals.NothingToCopy: gettext_lazy("None of the chosen sites lacks one of these duties."),
}


def explain(refusal: Refusal) -> str:
    if isinstance(refusal, refusals.TooMany):
        return _("Choose at most %(n)d at a time.") % {"n": refusal.most}
    sentence = _REFUSALS.get(type(refusal))
    return str(sentence) if sentence else org_words.explain(refusal)
