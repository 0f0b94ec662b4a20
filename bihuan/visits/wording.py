"""Texts of bindings and visits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext, pgettext_lazy

from bihuan.core import visiting
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.core.visiting import Load, State
from bihuan.files import wording as file_words
from bihuan.notices.models import Notice
from bihuan.orgs import wording as org_words
from bihuan.visits import norms
from bihuan.visits.acts import BindingAct, GroupAct, SubmissionAct, VisitAct
from bihuan.visits.refusals import (
    BoundAlready,
    DecidedAlready,
    NameTaken,
    NotAVisitingPost,
    NotBoundAnyMore,
    NotOfTheUnit,
    SiteIsClosed,
    StillBound,
    TooMany,
    VisitedSince,
    Withdrawn,
)
from bihuan.visits.submitted import PaperSubmission

STATES: Mapping[State, Promise] = {
    State.OVERDUE: pgettext_lazy("visit", "Overdue"),
    State.DUE: pgettext_lazy("visit", "Due"),
    State.LATER: pgettext_lazy("visit", "In time"),
}
TONES: Mapping[State, str] = {
    State.OVERDUE: "tone-bad",
    State.DUE: "tone-warn",
    State.LATER: "tone-good",
}
DONE: Mapping[str, str | Promise] = {
    **dict(BindingAct.choices),
    **dict(GroupAct.choices),
    **dict(VisitAct.choices),
    **dict(SubmissionAct.choices),
    **file_words.ACTS,
}
# The reason of a visit that was withdrawn by “Undo”.
BY_MISTAKE = gettext_lazy("Recorded by mistake.")

_SENTENCES: Mapping[type[Refusal], Callable[[], str]] = {
    NotAllowed: lambda: _("None of your posts allows this at this site."),
    Missing: lambda: _("A required field is missing."),
    visiting.NotADayOfVisit: lambda: _(
        "The day of a visit is today or before, and not before the site was bound to the post."
    ),
    visiting.TooLongAgo: lambda: _("A visit is recorded within seven days."),
    visiting.TooOftenOrSeldom: lambda: _("A site is visited every 1 to 366 days."),
    BoundAlready: lambda: _(
        "One of these sites has been bound to a post meanwhile. Choose from the list again."
    ),
    NotBoundAnyMore: lambda: _("The site is no longer bound to this post. Reload the page."),
    SiteIsClosed: lambda: _("The site is closed. It must be reopened first."),
    NotAVisitingPost: lambda: _(
        "This post does not visit the site: it has ended, it is in another area, or its holder "
        "neither reports nor handles hazards."
    ),
    NotOfTheUnit: lambda: _("This group visits sites of another unit."),
    NameTaken: lambda: _("The unit has a group with this name."),
    StillBound: lambda: _("Sites are bound to this group. Bind them differently first."),
    Withdrawn: lambda: _("This visit is already withdrawn."),
    VisitedSince: lambda: _(
        "One of the sites was visited since. Change the bindings one by one instead."
    ),
    TooMany: lambda: _("At most 200 sites at a time."),
    DecidedAlready: lambda: _("This paper is already decided, or was taken back."),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the officer."""
    if isinstance(refusal, visiting.SeldomerThanDecided):
        return _("Sites of this kind and risk are visited at least every %(days)d days.") % {
            "days": refusal.days
        }
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else org_words.explain(refusal)


def notice(notice: Notice) -> str:
    """Say to a user of the operator what was decided about a paper."""
    reason = notice.detail.get("reason", "")
    if notice.what == PaperSubmission.State.REFUSED:
        return _("The submitted paper was refused: %(reason)s") % {"reason": reason}
    return _("The submitted paper was accepted.")


def every(days: int) -> str:
    """Say how often a site is visited."""
    text = npgettext("visits", "every day", "every %(days)d days", days)
    return text % {"days": days}


def load(found: Load) -> str:
    """Say how many sites a post has, and how many visits they need."""
    text = ngettext(
        "%(n)d site, visits in 30 days: about %(visits)d",
        "%(n)d sites, visits in 30 days: about %(visits)d",
        found.sites,
    )
    return text % {"n": found.sites, "visits": found.visits}


def over(found: Load) -> str:
    """Warn of a load above the norm; empty if it is not."""
    norm = norms.norm()
    if not found.is_over(norm):
        return ""
    return _("More than one post can take: the norm is %(sites)d sites and %(visits)d visits.") % {
        "sites": norm.sites,
        "visits": norm.visits,
    }
