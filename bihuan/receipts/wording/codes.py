"""Texts for codes that an officer has seen: timeline and refusals."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.refusal import Refusal
from bihuan.receipts.actions.desk_codes import AlreadyDecided, AlreadyRenewed, WrongGroup

ACTS: dict[str, str | Promise] = {
    "renew_code": gettext_lazy(
        "Took a new tracking code; the one from the desk is no longer valid"
    ),
    "replace_code": gettext_lazy("Received another tracking code at a desk"),
    "enter_at_desk": gettext_lazy("Opened at a desk in the presence of the person"),
    "act_at_desk": gettext_lazy("Entered at a desk in the presence of the person, with the code"),
    "hold_act": gettext_lazy("Entered with a code seen at a desk, awaiting confirmation"),
    "confirm_held": gettext_lazy("Confirmed that the person wants it"),
    "refuse_held": gettext_lazy("The person does not want it; no effect"),
}
SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    AlreadyRenewed: lambda: _(
        "A new code already replaced the one from the desk. That code is valid, not the one on "
        "this page."
    ),
    WrongGroup: lambda: _(
        "These are not the last four digits of the new code. Please check and enter them again; "
        "until then the old code stays valid."
    ),
    AlreadyDecided: lambda: _("This has already been decided."),
}
