"""Texts for the refusals and notices of this app."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core import second_factor
from bihuan.core.refusal import Refusal
from bihuan.factors import provider, refusals
from bihuan.factors.acts import FactorAct
from bihuan.notices.models import Notice
from bihuan.orgs.refusals import TooManyTries
from bihuan.orgs.wording import explain as explain_organisation

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    TooManyTries: lambda: _(
        "Too many wrong codes. Wait 15 minutes. If you did not enter them, someone knows your "
        "password: have it reset."
    ),
    refusals.WrongCode: lambda: _(
        "That code is not correct. Enter the code that the app shows now; each code works once."
    ),
    refusals.NotProven: lambda: _("This is neither your password nor a valid code."),
    refusals.SetUpTooSlow: lambda: _(
        "The page was open too long, or you continued in another window. Start again."
    ),
    refusals.PasskeyRefused: lambda: _("This passkey is not registered here, or did not respond."),
    refusals.PasskeyCopied: lambda: _(
        "This passkey reports fewer uses than expected, so there may be a copy of it. Sign in "
        "another way and remove it."
    ),
    refusals.NameTaken: lambda: _("You already have a passkey named “%(name)s”."),
    refusals.FactorThere: lambda: _(
        "A second factor is already set up. Sign in with it, then add others on your account page."
    ),
    refusals.NoFactor: lambda: _("This officer has no second factor."),
    refusals.RemovalGone: lambda: _("The request has already been confirmed or withdrawn."),
    refusals.LastFactor: lambda: _(
        "One of your powers requires a second factor, and this is your last one. Set up another "
        "first."
    ),
    refusals.SubjectTaken: lambda: _("Another officer already uses this subject."),
    refusals.UnknownSubject: lambda: _(
        "The sign-in service knows you, but there is no matching account here. An administrator "
        "of your unit can enter it; it takes effect after three days."
    ),
    provider.ProviderAway: lambda: _(
        "The sign-in service does not respond correctly. Try again in a few minutes, or sign in "
        "with your password."
    ),
    provider.NotBelieved: lambda: _(
        "The response of the sign-in service does not match this browser, or took too long. "
        "Start again."
    ),
    provider.NotSignedIn: lambda: _(
        "You did not sign in to the sign-in service, or it refused you."
    ),
    provider.AskedTooOften: lambda: _("Too many sign-ins from here. Wait 15 minutes."),
    second_factor.OwnFactor: lambda: _(
        "You cannot request or confirm this for yourself. Ask two administrators."
    ),
    second_factor.SameAdministrator: lambda: _(
        "You requested this yourself; another administrator must confirm it."
    ),
    second_factor.AskedTooLongAgo: lambda: _(
        "This was requested more than three days ago. Request it again."
    ),
}

_TOLD: dict[str, str | Promise] = {
    FactorAct.SET_UP_APP: gettext_lazy("A code app was set up for your account."),
    FactorAct.REMOVE_APP: gettext_lazy("The code app was removed from your sign-in."),
    FactorAct.ADD_PASSKEY: gettext_lazy("A passkey was added to your account."),
    FactorAct.REMOVE_PASSKEY: gettext_lazy("A passkey was removed from your account: %(name)s"),
    FactorAct.USE_CODE: gettext_lazy("A recovery code was used to sign in to your account."),
    FactorAct.FAILED: gettext_lazy(
        "Five wrong codes were entered for your account. If it was not you, someone knows your "
        "password: change it."
    ),
    FactorAct.ENTER_SUBJECT: gettext_lazy(
        "%(by)s entered your subject of the sign-in service: from three days after that, its "
        "holder signs in as you. If you did not request it, have an administrator remove it now."
    ),
    FactorAct.REMOVE_SUBJECT: gettext_lazy(
        "%(by)s removed your subject of the sign-in service. You sign in with your password."
    ),
    FactorAct.ASK_REMOVAL: gettext_lazy(
        "%(by)s requests removal of the second factor of %(holder)s."
    ),
    FactorAct.WITHDRAW_REMOVAL: gettext_lazy(
        "Your second factor stays: %(by)s withdrew the request to remove it."
    ),
    FactorAct.REMOVE_ALL: gettext_lazy(
        "Your second factor was removed by two administrators; the second was %(by)s."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else explain_organisation(refusal)


def notice(told: Notice) -> str:
    """Word a notice about a second factor, for the officer or for those who may confirm."""
    if told.what == FactorAct.REMOVE_ALL and not told.detail.get("by"):
        return _("Your second factor was removed by a command on the server.")
    return str(_TOLD[told.what]) % {"name": "", "by": "", "holder": "", **told.detail}
