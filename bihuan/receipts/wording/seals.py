"""Texts for sealed identities: timeline, notices and refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core import seals
from bihuan.core.refusal import Refusal
from bihuan.notices.models import Notice
from bihuan.receipts.actions.seal_keys import UnknownSealKey

Words = str | Promise

ACTS: Mapping[str, Words] = {
    "ask_opening": gettext_lazy("Unsealing requested"),
    "allow_opening": gettext_lazy("Unsealing approved"),
    "open_seal": gettext_lazy("Unsealed and viewed the reporter's identity"),
    "erase_seal": gettext_lazy("Reporter's identity erased"),
}
NOTICES: Mapping[str, Words] = {
    "ask_opening": gettext_lazy("An officer requests unsealing; a second officer must approve it."),
    "ask_in_danger": gettext_lazy(
        "Reported danger to life: a colleague requests unsealing. Approve or refuse it now."
    ),
}
SENTENCES: Mapping[type[Refusal], Callable[[], str]] = {
    seals.Erased: lambda: _("The reporter's identity was erased and can no longer be recovered."),
    seals.ReasonTooShort: lambda: _("Explain briefly why you must know the reporter's identity."),
    seals.SecondPersonNeeded: lambda: _(
        "Another officer handling this case must approve the unsealing first."
    ),
    seals.AskedByAnother: lambda: _(
        "Another officer requested this unsealing. Enter your own reason."
    ),
    seals.OpeningOver: lambda: _(
        "The period covered by your reason has ended. Give the reason again."
    ),
    seals.Unreadable: lambda: _(
        "None of this system's seal keys can unseal it. The operator must add the key used at "
        "the time."
    ),
    UnknownSealKey: lambda: _(
        "No key with that label is missing: bihuan rotate-seals lists the missing ones."
    ),
}


def opened_in_danger(message: Notice) -> str:
    """Word the notice to auditors that two officers unsealed in case of danger to life."""
    text = _(
        "%(unit)s: %(who)s unsealed an identity and %(second)s approved it, because of a "
        "reported danger to life. Ask both for the reason."
    )
    return str(text % message.detail)
