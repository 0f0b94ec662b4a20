"""Texts for hazards."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan import formats
from bihuan.cases import wording as case_words
from bihuan.cases.models import Case
from bihuan.core.hazard import HazardFact, Move, RejectReason, Stage
from bihuan.core.lifecycle import Fact, FactForbids, FactMissing
from bihuan.core.refusal import Refusal
from bihuan.hazards.actions.acceptance import AllDissent, DissentUnexplained, NoTeam
from bihuan.hazards.actions.controls import MOVE
from bihuan.hazards.actions.dates import DeadlinePast, NotLater
from bihuan.hazards.actions.duplicates import FOLLOW, SEEN_TWICE, FollowsThisOne, NotAlive
from bihuan.hazards.actions.judging import UnusableCriterion
from bihuan.hazards.actions.quarterly_reports import SIGN, QuarterNotOver, SignedMeanwhile
from bihuan.hazards.actions.reporting import PostElsewhere
from bihuan.hazards.limits import TooLong
from bihuan.hazards.models import Hazard
from bihuan.hazards.rows import NotFixedYetVerified

Words = str | Promise

STAGES: dict[str, Words] = {
    Stage.REPORTED: pgettext_lazy("stage", "Reported"),
    Stage.CONFIRMED: pgettext_lazy("stage", "Confirmed"),
    Stage.REJECTED: pgettext_lazy("stage", "Rejected"),
    Stage.ASSIGNED: pgettext_lazy("stage", "Assigned"),
    Stage.RECTIFYING: pgettext_lazy("stage", "Being rectified"),
    Stage.SUBMITTED: pgettext_lazy("stage", "Awaiting verification"),
    Stage.VERIFIED: pgettext_lazy("stage", "Verified"),
    Stage.CLOSED: pgettext_lazy("stage", "Closed"),
    Stage.RECHECKED: pgettext_lazy("stage", "Re-checked"),
}
GRADES: dict[str, Words] = dict(Hazard.Grade.choices)
REASONS: dict[str, Words] = {
    RejectReason.NOT_A_HAZARD: gettext_lazy("It is not a hazard"),
    RejectReason.DUPLICATE: gettext_lazy("It is a duplicate of another case"),
    RejectReason.NOT_OURS: gettext_lazy("It is not our responsibility"),
}
# What the reporter is sent; the officer's own text may follow.
LETTERS: dict[str, Words] = {
    "confirmed": gettext_lazy(
        "Your report was confirmed as a hazard. It will be dealt with, and you will be informed "
        "of the result."
    ),
    f"rejected_{RejectReason.NOT_A_HAZARD}": gettext_lazy(
        "Your report was checked and is not a hazard:"
    ),
    f"rejected_{RejectReason.DUPLICATE}": gettext_lazy(
        "Your report is already known and is being dealt with under another number:"
    ),
    f"rejected_{RejectReason.NOT_OURS}": gettext_lazy(
        "Your report is not the responsibility of this office:"
    ),
    "come_back": gettext_lazy(
        "Your report was combined with another one. It is now being checked separately again."
    ),
    "extended": gettext_lazy("More time is needed: it will be concluded by %(until)s. Reason:"),
    "closed": gettext_lazy(
        "The hazard you reported was fixed, and verified by a person who did not do the work."
    ),
    "reopened": gettext_lazy("The hazard you reported recurred. It is being dealt with again."),
}
# The timeline's names of acts that follow from others.
HAPPENED: dict[str, Words] = {
    Move.COME_BACK: pgettext_lazy("happened", "Restored: its original was rejected"),
    FOLLOW: pgettext_lazy("happened", "Follows another case: its original was a duplicate"),
    MOVE: pgettext_lazy("happened", "Interim control given to another post"),
    SEEN_TWICE: pgettext_lazy("happened", "Reported again"),
}
# The texts of notices of a move, by "move.group".
TOLD: dict[str, Words] = {
    "report.next": gettext_lazy("A new report was received, for your unit to confirm or reject."),
    "come_back.next": gettext_lazy(
        "Its original was rejected: it was returned for your unit to confirm or reject."
    ),
    "confirm.author": gettext_lazy("What you reported was confirmed as a hazard."),
    "reject.author": gettext_lazy("What you reported was rejected. The reason is on its page."),
    "submit.next": gettext_lazy("%(unit)s submitted the fix for your verification."),
    "return.post": gettext_lazy("%(unit)s did not accept the fix and returned it."),
    "return.workers": gettext_lazy("%(unit)s did not accept the fix and returned it."),
    "verify.next": gettext_lazy("The fix was verified. The hazard can be closed."),
    "verify.workers": gettext_lazy("%(unit)s verified your fix."),
    "close.author": gettext_lazy("What you reported was fixed, verified and closed."),
    "close.post": gettext_lazy("The hazard that your post fixed was closed."),
    "reopen.next": gettext_lazy("The hazard recurred and is to be assigned again."),
    "reopen.left": gettext_lazy("The hazard that your post fixed recurred."),
    "reopen.author": gettext_lazy("The hazard that you reported recurred."),
    "doubt_closure.next": gettext_lazy("The imported closure was not confirmed. Assign it again."),
    "doubt_closure.asker": gettext_lazy("A closure that you imported was not confirmed."),
    "add_control.named": gettext_lazy("An interim control was assigned to your post."),
    "grade.post": gettext_lazy("%(unit)s changed the grade of the hazard."),
    "plan.office": gettext_lazy("%(unit)s made a plan of rectification of a major hazard."),
    "report_up.office": gettext_lazy("%(unit)s reported a major hazard to the level above."),
    "unlist.post": gettext_lazy("%(unit)s ended the supervision listing."),
    "unlist.office": gettext_lazy("%(unit)s ended the supervision listing."),
    "answer_listing.office": gettext_lazy("%(unit)s answered the supervision listing."),
    "ask_more_time.next": gettext_lazy("%(unit)s requests a later deadline of the listing."),
    "decide_more_time.post": gettext_lazy("%(unit)s decided on the deadline of the listing."),
    "order_fix.post": gettext_lazy("%(unit)s ordered the hazard to be rectified by a day."),
    "order_fix.office": gettext_lazy("%(unit)s ordered the hazard to be rectified by a day."),
    "check_order.post": gettext_lazy("%(unit)s re-checked an order."),
    "accept.post": gettext_lazy("A team recorded its findings of the fix."),
    "ask_removal.next": gettext_lazy("%(unit)s applied to be taken off the list. Review the site."),
    "review_site.next": gettext_lazy("The site was reviewed. The listed hazard can be closed."),
    "send_back.post": gettext_lazy("%(unit)s sent the verified fix back."),
    "send_back.workers": gettext_lazy("%(unit)s sent the verified fix back."),
    "list.post": gettext_lazy("%(unit)s listed the hazard for supervision."),
    "list.office": gettext_lazy("%(unit)s listed the hazard for supervision."),
    "stop_work.post": gettext_lazy("%(unit)s ordered the work to stop."),
    "stop_work.office": gettext_lazy("%(unit)s ordered the work to stop."),
    "resume_work.post": gettext_lazy("The stop-work order was lifted."),
    "amend.post": gettext_lazy("%(unit)s changed the text of the hazard."),
}
_MISSING: dict[Fact, Words] = {
    HazardFact.MAJOR: gettext_lazy("This applies only to major hazards."),
    HazardFact.WORK_STOPPED: gettext_lazy("No stop-work order is in force."),
    HazardFact.PROMISED: gettext_lazy("No member of the public is waiting for a conclusion."),
    HazardFact.CONTROLS_OPEN: gettext_lazy("No interim control is in force."),
    HazardFact.LISTED: gettext_lazy("The case is not listed for supervision."),
    HazardFact.MORE_TIME_ASKED: gettext_lazy("No later deadline of the listing was requested."),
    HazardFact.ORDERED: gettext_lazy("No order waits for a re-check."),
    HazardFact.ORDER_CHECKED: gettext_lazy(
        "A re-check must first find that the stop-work order is complied with."
    ),
    HazardFact.ACCEPTED: gettext_lazy("A team must first accept the fix."),
    HazardFact.REMOVAL_ASKED: gettext_lazy("The owner has not applied to be taken off the list."),
}
_FORBIDDING: dict[Fact, Words] = {
    HazardFact.LISTED: gettext_lazy("The case is listed for supervision."),
    HazardFact.WORK_STOPPED: gettext_lazy("A stop-work order is in force. Lift it first."),
    HazardFact.PLAN_OWED: gettext_lazy("A listed hazard needs a plan of rectification first."),
    HazardFact.MORE_TIME_ASKED: gettext_lazy(
        "A later deadline of the listing was requested already, and is not decided."
    ),
    HazardFact.REMOVAL_ASKED: gettext_lazy("The removal from the list was applied for already."),
    HazardFact.REVIEW_OWED: gettext_lazy(
        "The level that listed it must first review the site, after the owner applied for that."
    ),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    PostElsewhere: lambda: _("The responsible post must belong to the responsible unit."),
    NotAlive: lambda: _(
        "That case is not open: it was rejected, or is not a hazard. Enter the case that deals "
        "with this hazard."
    ),
    FollowsThisOne: lambda: _(
        "That case was rejected as a duplicate of this one, so this one must continue."
    ),
    DeadlinePast: lambda: _("The deadline cannot be in the past."),
    NotLater: lambda: _("The day must be after the present deadline and after today."),
    UnusableCriterion: lambda: _(
        "This criterion is not in a list that was in force when the hazard was found, or is a "
        "draft that was not confirmed."
    ),
    QuarterNotOver: lambda: _("The report of a quarter is signed after its last day."),
    SignedMeanwhile: lambda: _(
        "An edition of this report was signed meanwhile. Open the page again to correct it."
    ),
    NoTeam: lambda: _("Enter at least two posts or organisations, each once."),
    DissentUnexplained: lambda: _("Who does not accept it says why."),
    AllDissent: lambda: _("A fix that no one of the team accepts is not accepted."),
    NotFixedYetVerified: lambda: _(
        "The row says that the fix is not done, but also who verified it and when; one of the "
        "two is wrong."
    ),
}


REPORT_ACTS: dict[str, Words] = {
    SIGN: pgettext_lazy("happened", "Quarterly report signed"),
}


def open_controls(count: int) -> str:
    """Say how many interim controls a unit or a post owns."""
    return ngettext("%(n)d interim control", "%(n)d interim controls", count) % {"n": count}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    match refusal:
        case FactMissing(fact=fact) if fact in _MISSING:
            return str(_MISSING[fact])
        case FactForbids(fact=fact) if fact in _FORBIDDING:
            return str(_FORBIDDING[fact])
        case TooLong(latest=latest):
            said = _("The local rule allows a listing until %(day)s at the latest.")
            return said % {"day": formats.day(latest)}
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else case_words.explain(refusal)


# ------------------------------------------------------------ words that the loop says
VOCABULARY = case_words.Vocabulary(
    notices={
        "rejected": gettext_lazy(
            "%(unit)s rejected this report itself. Check the reason; a hazard rejected by mistake "
            "must be reported again."
        ),
        "downgraded": gettext_lazy(
            "%(unit)s, not a level above, changed this major hazard to a general one. Check the "
            "reason."
        ),
    },
    entries={"standard": gettext_lazy("the standard for major hazards")},
)


def next_steps(case: Case) -> Words:
    """Say what happens after the report."""
    return _(
        "An officer inspects the place and confirms or rejects the report. If it is a hazard, an "
        "office must remove it by a set date, another one verifies the work, and you are "
        "informed of the result."
    )
