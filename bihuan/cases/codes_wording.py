"""Codes that an officer has seen, in words: what stands on the timeline, and why it is refused."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.actions.desk_codes import AlreadyDecided, AlreadyRenewed, WrongGroup
from bihuan.core.refusal import Refusal

ACTS: dict[str, str | Promise] = {
    "keep_back": gettext_lazy("Kept a photo back that holders of a code saw"),
    "renew_code": gettext_lazy("Took a new tracking code; the one from the desk opens nothing"),
    "replace_code": gettext_lazy("Was given another tracking code at a desk"),
    "enter_at_desk": gettext_lazy("Opened at a desk in the presence of the person"),
    "act_at_desk": gettext_lazy("Entered at a desk in the presence of the person, by the code"),
    "hold_act": gettext_lazy("Came by a code that a desk has seen, and waits to be confirmed"),
    "confirm_held": gettext_lazy("Confirmed that the person wants it"),
    "refuse_held": gettext_lazy("Found that the person does not want it; it does not count"),
}
SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    AlreadyRenewed: lambda: _(
        "Another code was taken before in the place of the one from the desk. That one counts, and "
        "not the one on this page."
    ),
    WrongGroup: lambda: _(
        "These are not the last four digits of the new code. Please look again and type them; "
        "until then the old code goes on."
    ),
    AlreadyDecided: lambda: _("Somebody has decided this already."),
}
