"""The organisation's powers and refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.core import grants
from bihuan.core.powers import Power
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
}

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    NotAllowed: lambda: _("None of your posts lets you do this for this unit."),
    Missing: lambda: _("Something that is needed is missing."),
    refusals.NotADivisionCode: lambda: _(
        "“%(code)s” is not a division code: those have 2, 4, 6, 9 or 12 digits."
    ),
    refusals.DivisionElsewhere: lambda: _(
        "Division %(code)s does not lie within %(above)s, the division of the unit above."
    ),
    refusals.AlreadyThere: lambda: _("“%(value)s” is taken already."),
    refusals.UnderItself: lambda: _("A unit cannot be moved below itself."),
    refusals.NoPost: lambda: _(
        "Interim controls need a post that sees to them, and %(unit)s has none that handles cases."
    ),
    refusals.NoSuccessor: lambda: _("That unit cannot go on with the work of this one."),
    refusals.UnitInUse: lambda: _(
        "The unit still has open units below it or posts that somebody holds."
    ),
    refusals.PostEnded: lambda: _("The post or its unit has ended by then."),
    refusals.PostHeld: lambda: _("%(holder)s holds the post in these days."),
    refusals.DatesOutOfOrder: lambda: _("This day comes before the start on %(start_date)s."),
    refusals.MemberInactive: lambda: _("This account is closed."),
    refusals.LastAdministrator: lambda: _(
        "After this nobody could administer the unit any more. Appoint another administrator first."
    ),
    refusals.Busy: lambda: _("Many people are signing in just now. Try again in a few seconds."),
    refusals.TooManyTries: lambda: _(
        "Too many sign-ins failed from here. Wait 15 minutes, or sign in on a device on which you "
        "have signed in before."
    ),
    refusals.PasswordExpired: lambda: _(
        "This temporary password was not used in time. Ask your administrator for a new one."
    ),
    grants.OwnGrant: lambda: _(
        "Another administrator has to confirm this: neither the one who granted it, nor who has it."
    ),
    grants.GranterWaits: lambda: _(
        "%(granter)s granted this with a post or a password that waits itself. Confirm that first."
    ),
    grants.OthersWait: lambda: _(
        "Another administrator added powers to this post, which wait to be confirmed. Confirm them "
        "first, or have them taken away."
    ),
    grants.GivenPassword: lambda: _(
        "The officer has not signed in with this password and chosen another one yet. Until then "
        "the one who gave it knows it."
    ),
    grants.NothingWaits: lambda: _(
        "Nothing waits here any more: it was confirmed, it counts by now, or it was changed again."
    ),
    refusals.WrongPassword: lambda: _("That is not your present password."),
}


def explain(refusal: Refusal) -> str:
    """Why something may not be done, in a sentence for the person who tried."""
    match refusal:
        case refusals.UnitClosed():
            return closed(refusal)
        case refusals.OpenWork(what=what):
            said = {"what": _("; ").join(what)}
            return _("There is open work: %(what)s. Say who goes on with it.") % said
        case refusals.DaysToCome(count=count):
            return ngettext(
                "First cancel the reception day that is still to come.",
                "First cancel the %(n)d reception days that are still to come.",
                count,
            ) % {"n": count}
        case refusals.NobodyMayTake(count=count):
            return _nobody_may_take(count)
        case grants.StillWaits():
            return _still_waits(refusal)
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else _("The rules do not allow this.")


def closed(refusal: refusals.UnitClosed) -> str:
    """That a unit is closed, and which one took over."""
    said = {"unit": refusal.unit, "successor": refusal.successor}
    if refusal.successor:
        return _("%(unit)s is closed; %(successor)s has taken over.") % said
    return _("%(unit)s is closed.") % said if refusal.unit else _("The unit is closed.")


def _nobody_may_take(count: int) -> str:
    said = ngettext(
        "One open case is shut to the successor and to every unit above it. Have it given to "
        "another unit first.",
        "%(n)d open cases are shut to the successor and to every unit above it. Have them given "
        "to other units first.",
        count,
    )
    return said % {"n": count}


def _still_waits(refusal: grants.StillWaits) -> str:
    said = {"moment": _moment(refusal.until_at), "names": _(", ").join(refusal.confirmers or ())}
    if isinstance(refusal, grants.PassedOnLately):
        passed_on = _(
            "This case came to you because an administrator ended a post or closed a unit. Its "
            "seal can be opened from %(moment)s."
        )
        return passed_on % said
    waits = _(
        "Your post, its powers or your password are so new that they do not count yet for seals "
        "and for confirming; they do from %(moment)s."
    )
    if refusal.confirmers is None:
        return waits % said
    if not refusal.confirmers:
        nobody = _("There is no second administrator here who could confirm them before.")
        return _one_after_the_other(waits % said, nobody)
    by = _("Before that, when one of these administrators has confirmed them: %(names)s.")
    return _one_after_the_other(waits % said, by % said)


def _one_after_the_other(said: str, more: str) -> str:
    """Two sentences; Chinese has no space between them."""
    return _("%(said)s %(more)s") % {"said": said, "more": more}


def _moment(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


# --------------------------------------------------------------------- notices
_NEWS: dict[str, Promise | str] = {
    "appointed": gettext_lazy("%(by)s appointed %(who)s to %(post)s."),
    "widened": gettext_lazy("%(by)s added powers to %(post)s (%(who)s)."),
    "reset": gettext_lazy("%(by)s gave %(who)s a new password."),
    "armed": gettext_lazy(
        "A second factor was set up for %(who)s with a password that %(by)s had given."
    ),
    "unlocked": gettext_lazy("%(by)s unlocked the account of %(who)s."),
}


def news(what: str, detail: Mapping[str, str]) -> str:
    """What officers hear of access that was granted."""
    said = {
        "by": detail.get("by") or _("Somebody at the server's command line"),
        "who": detail.get("who") or _("no holder yet"),
        "post": detail.get("post", ""),
    }
    told = str(_NEWS[what]) % said
    until_at = detail.get("until_at")
    if until_at:
        waits = _(
            "For seals it counts from %(moment)s, or once a second administrator confirms it."
        )
        moment = _moment(datetime.fromisoformat(until_at))
        told = _one_after_the_other(told, waits % {"moment": moment})
    doubt = _("If this was not agreed, tell an administrator or your leader at once.")
    return _one_after_the_other(told, doubt)
