"""Texts for acts, conditions of draws, notices and refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan import formats
from bihuan.clocks.actions.ticking import ESCALATE, OVERDUE
from bihuan.core import draw as core
from bihuan.core import inspection as inspections
from bihuan.core.deadlines import Cause
from bihuan.core.recurrence import RuleRefused, WindowTooLong
from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson, Stale, WrongStage
from bihuan.hazards import wording as hazard_words
from bihuan.notices.models import Notice
from bihuan.plans import acts, refusals
from bihuan.plans.acts import Act
from bihuan.plans.models import Kind, Plan, Planned
from bihuan.plans.queries.pools import Why
from bihuan.sites import catalogue

Words = str | Promise

ACTS: Mapping[str, Words] = {
    Act.KEEP: gettext_lazy("Plan kept"),
    Act.CHANGE: gettext_lazy("Plan changed"),
    Act.STOP: gettext_lazy("Plan stopped"),
    Act.MAKE: gettext_lazy("Planned"),
    Act.ADD: gettext_lazy("New sites added"),
    Act.COMPLETE: pgettext_lazy("a round", "Ended"),
    Act.RUN_OUT: pgettext_lazy("a round", "The last day has passed"),
    Act.BEGIN: pgettext_lazy("planned inspection", "Begun"),
    Act.END: pgettext_lazy("planned inspection", "Done"),
    Act.GIVE_UP: gettext_lazy("Inspection given up, due again"),
    Act.MISS: pgettext_lazy("planned inspection", "Missed"),
    Act.CALL_OFF: pgettext_lazy("planned inspection", "Called off"),
    Act.GIVE: gettext_lazy("Given to other posts"),
    Act.OPEN: gettext_lazy("Draw opened, seed fixed"),
    Act.DECLARE: gettext_lazy("Conflict of interest declared"),
    Act.DRAW: pgettext_lazy("a draw", "Drawn"),
    Act.CANCEL: pgettext_lazy("a draw", "Cancelled"),
    Act.FIND_HOLDING: gettext_lazy("The fix holds"),
    Act.FIND_REBOUND: gettext_lazy("The problem has come back"),
    OVERDUE: pgettext_lazy("a round", "Overdue"),
    ESCALATE: gettext_lazy("Reported to the next level"),
}
WHY: Mapping[str, Words] = {
    Why.INSPECTED: gettext_lazy("inspected lately"),
    Why.NO_POST: gettext_lazy("not enough posts without a conflict of interest"),
    Why.OPERATES: gettext_lazy("belongs to the operator"),
    Why.ABOVE_OPERATOR: gettext_lazy("belongs to the unit directly above the operator"),
    Why.FIXED: gettext_lazy("fixed or verified it"),
    Why.DECLARED: gettext_lazy("conflict of interest declared"),
    Why.OUT_OF_REACH: gettext_lazy("may not verify hazards there"),
}
_REASONS: Mapping[str, Words] = {acts.SITE_CLOSED: gettext_lazy("The site was closed.")}


def reason(planned: Planned) -> str:
    """Return why it was called off, in the words of the officer or of the system."""
    return str(_REASONS.get(planned.reason, planned.reason))


def recurrence(plan: Plan) -> str:
    """Say in one line how often and with how many days."""
    if plan.working_days_only:
        days = ngettext(
            "%(n)d working day to complete", "%(n)d working days to complete", plan.days
        )
    else:
        days = ngettext("%(n)d day to complete", "%(n)d days to complete", plan.days)
    details = {"often": plan.get_every_display(), "days": days % {"n": plan.days}}
    return _("%(often)s, %(days)s") % details


def which(plan: Plan) -> list[str]:
    """Say which sites a plan is about."""
    said = [str(catalogue.kind(key)) for key in plan.site_kinds] or [_("All kinds of sites")]
    if plan.trade:
        said.append(_("trade: %(trade)s") % {"trade": catalogue.trade(plan.trade)})
    return said


# ----------------------------------------------------------------------- notices
_NOTICES: Mapping[str, Callable[[int], str]] = {
    Cause.WARNING: lambda n: ngettext(
        "Soon to be complete: %(n)d inspection is left.",
        "Soon to be complete: %(n)d inspections are left.",
        n,
    ),
    Cause.OVERDUE: lambda n: ngettext(
        "The last day has passed: %(n)d inspection was missed.",
        "The last day has passed: %(n)d inspections were missed.",
        n,
    ),
    Cause.ESCALATION: lambda n: ngettext(
        "%(n)d missed inspection has still not been done.",
        "%(n)d missed inspections have still not been done.",
        n,
    ),
}


def notice(message: Notice) -> str:
    """The title of the round, which the notice carries, is shown below this text."""
    left = int(message.detail.get("left", 0))
    return _NOTICES[message.what](left) % {"n": left}


# ---------------------------------------------------------------------- refusals
_REFUSALS: Mapping[type[Refusal], Words] = {
    NotAllowed: gettext_lazy("None of your posts allows this here."),
    Stale: gettext_lazy(
        "Another officer has changed the plan meanwhile. Check it and send it again."
    ),
    WrongStage: gettext_lazy("This is no longer possible in its present state. Reload the page."),
    SamePerson: gettext_lazy("Who fixed it cannot look back at it."),
    Missing: gettext_lazy("State the reason."),
    RuleRefused: gettext_lazy("Check the first and the last day."),
    core.BadSeed: gettext_lazy("Use letters and digits that can be typed again."),
    inspections.SiteClosed: gettext_lazy("The site was closed."),
    inspections.OneUnit: gettext_lazy("A joint inspection needs posts of several units."),
    refusals.PlanStopped: gettext_lazy("The plan was stopped."),
    refusals.NoSites: gettext_lazy("No site or case can be drawn with these conditions."),
    refusals.NoPosts: gettext_lazy("Choose posts that inspect; a joint one needs several units."),
    refusals.NoChecklist: gettext_lazy("The checklist has no version in use."),
    refusals.NotInUnit: gettext_lazy("Choose units and posts at or below the unit of the plan."),
    refusals.NotBegun: gettext_lazy("The first day of this round is still to come."),
    refusals.AlreadyDrawn: gettext_lazy(
        "This draw was made. It is never changed; it can only be cancelled, with a reason."
    ),
    refusals.DrewIt: gettext_lazy(
        "You made this draw. Another coordinator cancels it, or calls off what was drawn."
    ),
    refusals.InspectsIt: gettext_lazy(
        "Who is to do it does not call it off. Ask another coordinator."
    ),
    refusals.TookPart: gettext_lazy("You fixed or checked this case. Another officer looks back."),
    refusals.Cancelled: gettext_lazy("This draw was cancelled."),
    refusals.PhotoNeeded: gettext_lazy("Add at least one photo."),
    refusals.OthersDo: gettext_lazy("Only the operator of the site makes its self-checks."),
}


def explain(refusal: Refusal) -> str:
    details: dict[str, Any] = {}
    if isinstance(refusal, core.NotEnough):
        details = {"there": refusal.there}
        return _("The pool has %(there)d, fewer than are to be drawn.") % details
    if isinstance(refusal, core.NoPosts):
        return _("%(candidate)s: not enough posts without a conflict of interest.") % {
            "candidate": refusal.candidate
        }
    if isinstance(refusal, refusals.TooMany):
        return _("More than %(most)d sites match. Limit the plan to some units or kinds.") % {
            "most": refusal.most
        }
    if isinstance(refusal, WindowTooLong):
        return _("At most %(most)d days, or windows would overlap.") % {"most": refusal.most}
    sentence = _REFUSALS.get(type(refusal))
    return str(sentence) if sentence else hazard_words.explain(refusal)


def before_it_begins(planned: Planned) -> list[str]:
    """Say what beginning this inspection means."""
    round_ = planned.round
    which = _("%(site)s, by the checklist “%(checklist)s”. Planned: %(title)s, until %(day)s.") % {
        "site": planned.site.name,
        "checklist": round_.checklist or "—",
        "title": round_.title,
        "day": formats.day(round_.complete_date),
    }
    words = [which]
    words.append(
        _("The version of the checklist that is in use now stays that of this inspection.")
    )
    if round_.kind == Kind.UNANNOUNCED:
        words.append(_("From now on the operator of the site can see the inspection."))
    return words
