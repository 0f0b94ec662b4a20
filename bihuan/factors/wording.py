"""What this part refuses and tells, in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core import second_factor
from bihuan.core.refusal import Refusal
from bihuan.factors import provider, refusals
from bihuan.factors.acts import Act
from bihuan.notices.models import Notice
from bihuan.orgs.refusals import TooManyTries
from bihuan.orgs.wording import explain as explain_organisation

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    TooManyTries: lambda: _(
        "Too many codes were wrong. Wait 15 minutes. If you did not type them, somebody knows your "
        "password: have it reset."
    ),
    refusals.WrongCode: lambda: _(
        "That code is not right. Type the code that the app shows now; each code counts once."
    ),
    refusals.NotProven: lambda: _("That is neither your password nor a code that counts now."),
    refusals.SetUpTooSlow: lambda: _(
        "This page was open too long, or the set-up went on in another window. Begin again."
    ),
    refusals.PasskeyRefused: lambda: _("This passkey is not known here, or did not answer."),
    refusals.PasskeyCopied: lambda: _(
        "This passkey counts fewer uses than are known here, so there may be a copy of it. Sign in "
        "another way and remove it."
    ),
    refusals.NameTaken: lambda: _("You have a passkey of the name “%(name)s” already."),
    refusals.FactorThere: lambda: _(
        "A second factor is set up already. Sign in with it, and add others on your account page."
    ),
    refusals.NoFactor: lambda: _("This officer has no second factor."),
    refusals.RemovalGone: lambda: _("The request was confirmed or withdrawn already."),
    refusals.LastFactor: lambda: _(
        "One of your powers needs a second factor, and this is your last. Set up another first."
    ),
    refusals.SubjectTaken: lambda: _("Another officer signs in by this subject."),
    refusals.UnknownSubject: lambda: _(
        "The sign-in service knows you, and no account here belongs to that. An administrator of "
        "your unit can enter it; it counts after three days."
    ),
    provider.ProviderAway: lambda: _(
        "The sign-in service does not answer as it should. Try again in a few minutes, or sign in "
        "with your password."
    ),
    provider.NotBelieved: lambda: _(
        "What came back from the sign-in service does not belong to this browser, or took too "
        "long. Begin again."
    ),
    provider.NotSignedIn: lambda: _(
        "You did not sign in at the sign-in service, or it did not let you in."
    ),
    provider.AskedTooOften: lambda: _("Too many sign-ins from here. Wait 15 minutes."),
    second_factor.OwnFactor: lambda: _(
        "Nobody asks for or confirms this for themselves. Ask two administrators."
    ),
    second_factor.SameAdministrator: lambda: _(
        "You asked for this yourself; another administrator confirms it."
    ),
    second_factor.AskedTooLongAgo: lambda: _(
        "This was asked for more than three days ago. Ask again."
    ),
}

_TOLD: dict[str, str | Promise] = {
    Act.SET_UP_APP: gettext_lazy("A code app was set up for your sign-in."),
    Act.REMOVE_APP: gettext_lazy("The code app was removed from your sign-in."),
    Act.ADD_PASSKEY: gettext_lazy("A passkey was added to your sign-in."),
    Act.REMOVE_PASSKEY: gettext_lazy("A passkey was removed from your sign-in: %(name)s"),
    Act.USE_CODE: gettext_lazy("A recovery code was used to sign in to your account."),
    Act.FAILED: gettext_lazy(
        "Five codes were wrong at your sign-in. If that was not you, somebody knows your password: "
        "change it."
    ),
    Act.ENTER_SUBJECT: gettext_lazy(
        "%(by)s entered your subject of the sign-in service: from three days after that on its "
        "holder signs in as you. If you did not ask for it, have an administrator remove it now."
    ),
    Act.REMOVE_SUBJECT: gettext_lazy(
        "%(by)s removed your subject of the sign-in service. You sign in with your password."
    ),
    Act.ASK_REMOVAL: gettext_lazy("%(by)s asks that the second factor of %(holder)s be removed."),
    Act.WITHDRAW_REMOVAL: gettext_lazy(
        "Your second factor stays: %(by)s withdrew the request to remove it."
    ),
    Act.REMOVE_ALL: gettext_lazy(
        "Your second factor was removed by two administrators; the second was %(by)s."
    ),
}


def explain(refusal: Refusal) -> str:
    """Why something may not be done, in a sentence for the person who tried."""
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else explain_organisation(refusal)


def notice(told: Notice) -> str:
    """What happened to a second factor, for the officer or for those who may confirm."""
    if told.what == Act.REMOVE_ALL and not told.detail.get("by"):
        return _("Your second factor was removed by a command on the server.")
    return str(_TOLD[told.what]) % {"name": "", "by": "", "holder": "", **told.detail}
