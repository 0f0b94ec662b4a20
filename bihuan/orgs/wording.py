"""The organisation's powers and refusals in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    refusals.UnitClosed: lambda: _("The unit is closed."),
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
    refusals.WrongPassword: lambda: _("That is not your present password."),
}


def explain(refusal: Refusal) -> str:
    """Why something may not be done, in a sentence for the person who tried."""
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else _("The rules do not allow this.")
