"""Hazards in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan.cases import wording as case_words
from bihuan.core.hazard import Move, RejectReason, Stage
from bihuan.core.refusal import Refusal
from bihuan.hazards.actions.controls import MOVE
from bihuan.hazards.actions.duplicates import FOLLOW, SEEN_TWICE, FollowsThisOne, NotAlive
from bihuan.hazards.actions.finding import DeadlinePast, PostElsewhere

Words = str | Promise

STAGES: dict[str, Words] = {
    Stage.REPORTED: pgettext_lazy("stage", "Reported"),
    Stage.CONFIRMED: pgettext_lazy("stage", "Confirmed"),
    Stage.REJECTED: pgettext_lazy("stage", "Rejected"),
    Stage.ASSIGNED: pgettext_lazy("stage", "Assigned"),
    Stage.RECTIFYING: pgettext_lazy("stage", "Being rectified"),
    Stage.SUBMITTED: pgettext_lazy("stage", "Waiting for the check"),
    Stage.VERIFIED: pgettext_lazy("stage", "Verified"),
    Stage.CLOSED: pgettext_lazy("stage", "Closed"),
    Stage.RECHECKED: pgettext_lazy("stage", "Re-checked"),
}
REASONS: dict[str, Words] = {
    RejectReason.NOT_A_HAZARD: gettext_lazy("It is not a hazard"),
    RejectReason.DUPLICATE: gettext_lazy("It is a duplicate of another case"),
    RejectReason.NOT_OURS: gettext_lazy("It is not ours to deal with"),
}
# What the reporter is told; the officer's own words may follow.
LETTERS: dict[str, Words] = {
    "confirmed": gettext_lazy(
        "What you reported was looked at and is a hazard. It will be dealt with, and you will be "
        "told of the result."
    ),
    f"rejected_{RejectReason.NOT_A_HAZARD}": gettext_lazy(
        "What you reported was looked at and is not a hazard:"
    ),
    f"rejected_{RejectReason.DUPLICATE}": gettext_lazy(
        "What you reported is known already and is being dealt with under another number:"
    ),
    f"rejected_{RejectReason.NOT_OURS}": gettext_lazy(
        "What you reported is not for this office to deal with:"
    ),
    "come_back": gettext_lazy(
        "What you reported was put together with another report. It is looked at on its own again."
    ),
    "extended": gettext_lazy("More time is needed: it is concluded by %(until)s. The reason:"),
    "closed": gettext_lazy(
        "What you reported was fixed and checked by somebody who did not do the fix."
    ),
    "reopened": gettext_lazy("The hazard that you reported came back. It is dealt with again."),
}
# What the timeline says of acts that follow from others.
HAPPENED: dict[str, Words] = {
    Move.COME_BACK: pgettext_lazy("happened", "Came back: its original was rejected"),
    FOLLOW: pgettext_lazy("happened", "Follows another case: its original was a duplicate"),
    MOVE: pgettext_lazy("happened", "Interim control given to another post"),
    SEEN_TWICE: pgettext_lazy("happened", "Another report of the same"),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    PostElsewhere: lambda: _("The post that answers for the case must be one of that unit."),
    NotAlive: lambda: _(
        "That case does not go on: it was rejected, or is no hazard. Name the case under which "
        "this one is dealt with."
    ),
    FollowsThisOne: lambda: _(
        "That case was rejected as a duplicate of this one, so this one has to go on."
    ),
    DeadlinePast: lambda: _("A deadline must lie in the future."),
}


def open_controls(count: int) -> str:
    """How many interim controls a unit or a post sees to."""
    return ngettext("%(n)d interim control", "%(n)d interim controls", count) % {"n": count}


def explain(refusal: Refusal) -> str:
    """Why something may not be done, in a sentence for the person who tried."""
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else case_words.explain(refusal)
