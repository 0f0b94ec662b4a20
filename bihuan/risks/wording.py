"""Texts for risks and controls: acts, levels, notices and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.wording import CONFIDENCES
from bihuan.clocks.actions.ticking import ESCALATE, OVERDUE
from bihuan.core import risk as core
from bihuan.core.deadlines import Cause
from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson
from bihuan.core.rules import Bilingual
from bihuan.files import wording as file_words
from bihuan.files.refusals import FileRefused
from bihuan.notices.models import Notice
from bihuan.orgs import wording as org_words
from bihuan.risks import refusals
from bihuan.risks.acts import Act
from bihuan.risks.models import Colour

Words = str | Promise

# The colour alone, where the level is not named.
COLOURS: Mapping[str, Words] = {
    Colour.RED: pgettext_lazy("risk", "Red"),
    Colour.ORANGE: pgettext_lazy("risk", "Orange"),
    Colour.YELLOW: pgettext_lazy("risk", "Yellow"),
    Colour.BLUE: pgettext_lazy("risk", "Blue"),
}
DONE: Mapping[str, Words] = {
    Act.REGISTER: pgettext_lazy("a risk", "Registered"),
    Act.CHANGE: pgettext_lazy("a risk", "Description changed"),
    Act.REGRADE: pgettext_lazy("a risk", "Graded again"),
    Act.PROPOSE_LOWER: _("Lower grade proposed"),
    Act.CONFIRM_LOWER: _("Lower grade confirmed"),
    Act.REFUSE_LOWER: _("Lower grade refused"),
    Act.WITHDRAW_LOWER: _("Lower grade withdrawn"),
    Act.RETIRE: pgettext_lazy("a risk", "Retired"),
    Act.REOPEN: pgettext_lazy("a risk", "Put back into force"),
    Act.ADD_CONTROL: _("Control added"),
    Act.CHANGE_CONTROL: _("Control changed"),
    Act.END_CONTROL: _("Control ended"),
    Act.CHECK: _("Control checked"),
    OVERDUE: _("The check of a control is overdue"),
    ESCALATE: _("Reported to the next level"),
    **file_words.ACTS,
}
_NOTICES: Mapping[str, Words] = {
    Cause.WARNING: _("A control is due for a check."),
    Cause.OVERDUE: _("The check of a control is overdue."),
    Cause.ESCALATION: _("A control has not been checked although it was overdue."),
}
_REFUSALS: Mapping[type[Refusal], Words] = {
    NotAllowed: _("Only a coordinator of the unit in charge, or the post named, may do this."),
    SamePerson: _("Another officer confirms a lower grade, not the one who proposed it."),
    Missing: _("State the reason."),
    refusals.SameTitle: _("This site already has a risk with this title."),
    refusals.SiteClosed: _("The site is closed. Reopen it first."),
    refusals.NotInForce: _("The risk is retired, or its site is closed. Reopen it first."),
    refusals.AlreadyInForce: _("The risk is already in force."),
    refusals.SameGrade: _("This is the grade that the risk already has."),
    refusals.LowerGradeWaits: _("A lower grade already waits for a second officer."),
    refusals.AlreadyDecided: _("This proposal was already decided."),
    refusals.GradeMoved: _("The risk was graded again meanwhile. Propose the lower grade again."),
    refusals.StillGraded: _(
        "Grade the risk lower first, which a second officer confirms: only a blue one is retired."
    ),
    refusals.CheckOverdue: _(
        "The check of this control is overdue. Record what a check finds before you change its "
        "interval or end it."
    ),
    refusals.ControlEnded: _("This control has ended."),
    refusals.CheckInFuture: _("This date is in the future."),
    refusals.CheckOutOfOrder: _("The control was already checked on a later day."),
    refusals.NotThisPost: _("This post has ended, or belongs to no unit of this site."),
}


def explain(refusal: Refusal) -> str:
    if isinstance(refusal, FileRefused):
        return file_words.explain(refusal)
    sentence = _REFUSALS.get(type(refusal))
    return str(sentence) if sentence else org_words.explain(refusal)


def notice(message: Notice) -> str:
    return str(_NOTICES[message.what])


def chosen(words: Bilingual) -> str:
    return words.in_language(get_language() or "en")


def sourced(part: core.Sourced) -> str:
    """Return the source of a part of a matrix, with how sure it is."""
    return f"{chosen(part.source)} · {CONFIDENCES[part.confidence]}"


def levels(of: tuple[Bilingual, ...]) -> list[tuple[int, str]]:
    """Return the levels of a matrix as choices, the lowest first."""
    return [(n, f"{n} · {chosen(words)}") for n, words in enumerate(of, start=1)]


def likelihood(matrix: core.Matrix, level: int) -> str:
    return chosen(matrix.likelihoods[level - 1])


def consequence(matrix: core.Matrix, level: int) -> str:
    return chosen(matrix.consequences[level - 1])
