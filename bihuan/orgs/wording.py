"""Texts for the organisation's powers and refusals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan import formats
from bihuan.core import grants
from bihuan.core.powers import NO_CASES, Power
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.orgs import refusals

POWERS: dict[Power, str | Promise] = {
    Power.REPORT: gettext_lazy("Reporting officer"),
    Power.HANDLE: gettext_lazy("Handler"),
    Power.VERIFY: gettext_lazy("Verifier"),
    Power.APPROVE: gettext_lazy("Approving leader"),
    Power.COORDINATE: gettext_lazy("Coordinator"),
    Power.DUTY: gettext_lazy("Duty officer"),
    Power.SUPERVISE: gettext_lazy("Supervisor"),
    Power.ADMINISTER: gettext_lazy("Administrator"),
    Power.AUDIT: gettext_lazy("Auditor"),
    Power.OPERATE: gettext_lazy("Operator of sites"),
}

# What a post with the power lets its holder do; see the glossary.
_ALLOWS: Mapping[Power, str | Promise] = {
    Power.REPORT: gettext_lazy("report hazards"),
    Power.HANDLE: gettext_lazy("work on cases that are assigned to the post"),
    Power.VERIFY: gettext_lazy("verify a fix made by others"),
    Power.APPROVE: gettext_lazy("decide extensions and disputed assignments"),
    Power.COORDINATE: gettext_lazy("take cases up, assign them, run and import the ledger"),
    Power.DUTY: gettext_lazy("keep the duty log and report incidents"),
    Power.SUPERVISE: gettext_lazy("follow cases that are listed for supervision"),
    Power.ADMINISTER: gettext_lazy(
        "manage units, posts and accounts, and confirm access that others grant"
    ),
    Power.AUDIT: gettext_lazy("read hazards and figures; see no grievances, and change nothing"),
    Power.OPERATE: gettext_lazy(
        "see the sites of an enterprise or school, and submit their papers; nothing else"
    ),
}
POWER_CHOICES = [
    (power.value, format_lazy("{}{}{}", label, gettext_lazy(": "), _ALLOWS[power]))
    for power, label in POWERS.items()
]

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    NotAllowed: lambda: _("None of your posts allows this action on this unit."),
    Missing: lambda: _("A required field is missing."),
    refusals.NotADivisionCode: lambda: _(
        "“%(code)s” is not a division code: use 2, 4, 6, 9 or 12 digits."
    ),
    refusals.DivisionElsewhere: lambda: _(
        "Division %(code)s is not within %(above)s, the division of the unit above."
    ),
    refusals.NotAnOperatorsPost: lambda: _(
        "“Operator of sites” is the only power of its post, in a unit that is an enterprise, a "
        "school or a forest farm."
    ),
    refusals.AlreadyThere: lambda: _("“%(value)s” is already in use."),
    refusals.DecidedAbove: lambda: _(
        "Only an administrator of a unit above can change the kind of this unit or remove it from "
        "the public pages."
    ),
    refusals.UnderItself: lambda: _("A unit cannot be moved below itself."),
    refusals.NoPost: lambda: _(
        "Interim controls need a responsible post, and %(unit)s has no post that handles cases."
    ),
    refusals.NoSuccessor: lambda: _("That unit cannot take over the work of this one."),
    refusals.UnitInUse: lambda: _(
        "The unit still has open units below it, or posts with a holder."
    ),
    refusals.PostEnded: lambda: _("The post or its unit will have ended by then."),
    refusals.PostHeld: lambda: _("%(holder)s holds the post in this period."),
    refusals.DatesOutOfOrder: lambda: _("This date is before the start on %(start_date)s."),
    refusals.MemberInactive: lambda: _("This account is closed."),
    refusals.PostElsewhere: lambda: _(
        "%(member)s also holds a post in %(unit)s, which you do not administer. An appointment "
        "excludes the officer from cases about the unit: an administrator of both units can make "
        "it."
    ),
    refusals.NotAnnullable: lambda: _(
        "An appointment is annulled within 72 hours, before it is confirmed, by an administrator "
        "other than its holder; not if it has a stand-in or began before the day of the entry. End "
        "it instead."
    ),
    refusals.ActedSinceAppointed: lambda: _(
        "%(member)s has acted since the appointment was entered. End it instead."
    ),
    refusals.LastAdministrator: lambda: _(
        "This would leave the unit without an administrator. Appoint another administrator first."
    ),
    refusals.SameUnit: lambda: _("The post is already in this unit."),
    refusals.DayPast: lambda: _("These days must not be in the past."),
    refusals.StandInTooLong: lambda: _(
        "A stand-in is for %(days)s days at most. For longer, have the post handed over."
    ),
    refusals.StandInTooEarly: lambda: _(
        "A stand-in can be asked for days that begin within %(days)s days."
    ),
    refusals.AlreadyStoodIn: lambda: _(
        "%(member)s is already the stand-in on some of these days. End that first, or choose other "
        "days."
    ),
    refusals.OwnStandIn: lambda: _(
        "An administrator cannot name themselves as a stand-in. Ask another administrator."
    ),
    refusals.AlreadyAsked: lambda: _(
        "%(member)s was already asked for some of these days and has not answered. Withdraw that "
        "first, or choose other days."
    ),
    refusals.OfferGone: lambda: _("This was already answered or withdrawn, or the days are over."),
    refusals.AwayMeanwhile: lambda: _(
        "%(member)s is the stand-in for %(holder)s on some of these days. An officer who is absent "
        "or acts for another cannot be part of a second arrangement."
    ),
    refusals.NotEqualPowers: lambda: _(
        "%(member)s does not have all powers of this post, or has them in a unit above."
    ),
    refusals.NothingToStandInFor: lambda: _(
        "This post has no powers over cases. Administration and audit cannot be transferred to a "
        "stand-in."
    ),
    refusals.Busy: lambda: _("Many people are signing in. Try again in a few seconds."),
    refusals.TooManyTries: lambda: _(
        "Too many failed sign-ins from here. Wait 15 minutes, or use a device on which you have "
        "signed in before."
    ),
    refusals.PasswordExpired: lambda: _(
        "This temporary password has expired. Ask your administrator for a new one."
    ),
    grants.OwnGrant: lambda: _(
        "Another administrator must confirm this, other than the one who granted it and the "
        "officer concerned."
    ),
    grants.GranterWaits: lambda: _(
        "%(granter)s granted this with a post or password that is itself unconfirmed. Confirm "
        "that first."
    ),
    grants.OthersWait: lambda: _(
        "Another administrator added unconfirmed powers to this post. Confirm them first, or "
        "have them removed."
    ),
    grants.GivenPassword: lambda: _(
        "The officer has not yet signed in with this password and chosen another. Until then the "
        "administrator who issued it knows it."
    ),
    grants.NothingWaits: lambda: _(
        "There is nothing to confirm: it was confirmed, has taken effect, or was changed again."
    ),
    refusals.WrongPassword: lambda: _("The current password is not correct."),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    match refusal:
        case refusals.UnitClosed():
            return closed(refusal)
        case refusals.LeavesBefore(day=last):
            return _("The holder leaves the post on %(day)s.") % {"day": formats.day(last)}
        case refusals.LosesOwnWork(holder=holder, numbers=numbers):
            return loses_own_work(holder, numbers)
        case refusals.OpenWork(what=what):
            details = {"what": formats.clauses(what)}
            return _("There is open work: %(what)s. Choose who takes it over.") % details
        case refusals.DaysToCome(count=count):
            return ngettext(
                "First cancel the upcoming reception day.",
                "First cancel the %(n)d upcoming reception days.",
                count,
            ) % {"n": count}
        case refusals.NobodyMayTake(count=count):
            return _nobody_may_take(count)
        case grants.StillWaits():
            return _still_waits(refusal)
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else _("The rules do not allow this.")


def closed(refusal: refusals.UnitClosed) -> str:
    """Say that a unit is closed, and which one took over."""
    details = {"unit": refusal.unit, "successor": refusal.successor}
    if refusal.successor:
        return _("%(unit)s is closed; its successor is %(successor)s.") % details
    return _("%(unit)s is closed.") % details if refusal.unit else _("The unit is closed.")


def _nobody_may_take(count: int) -> str:
    text = ngettext(
        "One open case excludes the successor and every unit above it. Have it assigned to "
        "another unit first.",
        "%(n)d open cases exclude the successor and every unit above it. Have them assigned to "
        "other units first.",
        count,
    )
    return text % {"n": count}


def _still_waits(refusal: grants.StillWaits) -> str:
    details = {
        "moment": formats.moment(refusal.until_at),
        "names": formats.names(refusal.confirmers or ()),
    }
    if isinstance(refusal, grants.PassedOnLately):
        passed_on = _(
            "You received this case because an administrator ended a post or closed a unit. It "
            "can be unsealed from %(moment)s."
        )
        return passed_on % details
    waits = _(
        "Your post, its powers or your password are new and cannot be used for unsealing or "
        "confirming before %(moment)s."
    )
    if refusal.confirmers is None:
        return waits % details
    if not refusal.confirmers:
        nobody = _("There is no second administrator who could confirm them earlier.")
        return one_after_the_other(waits % details, nobody)
    by = _("Earlier if one of these administrators confirms it: %(names)s.")
    return one_after_the_other(waits % details, by % details)


def one_after_the_other(text: str, more: str) -> str:
    """Join two sentences; Chinese has no space between them."""
    return _("%(said)s %(more)s") % {"said": text, "more": more}


def loses_own_work(holder: str, numbers: Iterable[str]) -> str:
    """Say why an officer cannot accept, to that officer only."""
    reason = _(
        "You cannot accept: cases that your posts work on are closed to any stand-in for "
        "%(holder)s: %(numbers)s. Decline, or have them handed over first. %(holder)s is not "
        "informed of this."
    )
    return reason % {"holder": holder, "numbers": formats.names(numbers)}


def only_these(powers: Collection[str]) -> str:
    """Say which officers may be chosen as a stand-in."""
    needed = [label for power, label in POWERS.items() if power in set(powers) - NO_CASES]
    text = _(
        "Listed are officers with all of these powers (%(powers)s) in this unit, below it or next "
        "to it, the nearest first."
    )
    return text % {"powers": formats.names(needed)}


def nobody_for(lacking: Collection[Power], *, is_missing: bool) -> str:
    """Say why no officer can act for the holder of a post."""
    named = formats.names(label for power, label in POWERS.items() if power in lacking)
    if is_missing:
        reason = _("No stand-in can be named: no other officer here has the power %(powers)s.")
    else:
        reason = _("No stand-in can be named: no other officer here has all of %(powers)s.")
    help_ = _("An administrator can add it to a colleague's post, or hand this post over.")
    return one_after_the_other(reason % {"powers": named}, help_)


# --------------------------------------------------------------------- notices
_NEWS: dict[str, Promise | str] = {
    "appointed": gettext_lazy("%(by)s appointed %(who)s to %(post)s."),
    "annulled": gettext_lazy("%(by)s annulled the appointment of %(who)s to %(post)s."),
    "unit_hidden": gettext_lazy("%(by)s removed %(unit)s from the public pages."),
    "unit_kind": gettext_lazy("%(by)s changed the kind of %(unit)s."),
    "widened": gettext_lazy("%(by)s added powers to %(post)s (%(who)s)."),
    "reset": gettext_lazy("%(by)s gave %(who)s a new password."),
    "armed": gettext_lazy(
        "A second factor was set up for %(who)s with a password issued by %(by)s."
    ),
    "unlocked": gettext_lazy("%(by)s unlocked the account of %(who)s."),
    "stand_in": gettext_lazy("%(who)s is the stand-in for %(holder)s (%(post)s) %(period)s."),
    "stand_in_asked": gettext_lazy(
        "You are asked to be the stand-in for %(holder)s (%(post)s) %(period)s. Accept or decline "
        "in My account."
    ),
    "stand_in_asked_for": gettext_lazy(
        "%(by)s asked %(who)s to be the stand-in for %(holder)s (%(post)s) %(period)s."
    ),
    "stand_in_declined": gettext_lazy(
        "%(who)s declined to be the stand-in for %(holder)s (%(post)s) %(period)s. Ask "
        "another officer."
    ),
    "stand_in_withdrawn": gettext_lazy(
        "%(who)s is no longer asked to be the stand-in for %(holder)s (%(post)s) %(period)s."
    ),
    "stand_in_ended": gettext_lazy("%(who)s is no longer the stand-in for %(holder)s (%(post)s)."),
}


# Nothing has changed yet.
_BEFORE_ANSWER = frozenset(
    {"stand_in_asked", "stand_in_asked_for", "stand_in_declined", "stand_in_withdrawn"}
)


def _period(detail: Mapping[str, str]) -> str:
    if "since" not in detail:
        return ""
    since, until = (date.fromisoformat(detail[name]) for name in ("since", "until"))
    return period(since, until)


def period(since: date, until: date) -> str:
    """Say from which day until which day."""
    if since == until:
        return _("on %(day)s") % {"day": formats.day(since)}
    return _("from %(since)s to %(until)s") % {
        "since": formats.day(since),
        "until": formats.day(until),
    }


def news(what: str, detail: Mapping[str, str]) -> str:
    """Word the notices about granted access."""
    details = {
        "by": detail.get("by") or _("An operator at the server's command line"),
        "who": detail.get("who") or _("no holder yet"),
        "post": detail.get("post", ""),
        "unit": detail.get("unit", ""),
        "holder": detail.get("holder", ""),
        "period": _period(detail),
    }
    text = str(_NEWS[what]) % details
    until_at = detail.get("until_at")
    if until_at:
        waits = _(
            "Valid for unsealing from %(moment)s, or once a second administrator confirms it."
        )
        moment = formats.moment(datetime.fromisoformat(until_at))
        text = one_after_the_other(text, waits % {"moment": moment})
    if what in _BEFORE_ANSWER:
        return text
    doubt = _("If this was not agreed, tell an administrator or your leader immediately.")
    return one_after_the_other(text, doubt)
