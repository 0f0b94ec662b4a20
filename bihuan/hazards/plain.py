"""What the public reads about a hazard: no terms of the office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.hazard import Move, Stage
from bihuan.receipts.sides import PlainWords

PLAIN = PlainWords(
    stages={
        Stage.REPORTED: (
            _("Received on %(day)s. %(office)s inspects the place."),
            _("It was received; the place is inspected next."),
        ),
        Stage.CONFIRMED: (
            _("Found to be a hazard on %(day)s. %(office)s decides who fixes it."),
            _("It was found to be a hazard; who fixes it is decided next."),
        ),
        Stage.REJECTED: (
            _("Checked on %(day)s and not taken up. The reason is below."),
            _("It was checked and not taken up."),
        ),
        Stage.ASSIGNED: (
            _("Given to %(office)s on %(day)s to be fixed."),
            _("It was given to an office to be fixed."),
        ),
        Stage.RECTIFYING: (
            _("%(office)s has been fixing it since %(day)s."),
            _("It is being fixed."),
        ),
        Stage.SUBMITTED: (
            _("Fixed on %(day)s. A person who did not do the work checks it."),
            _("It was fixed; a person who did not do the work checks it."),
        ),
        Stage.VERIFIED: (
            _("Fixed on %(submitted_day)s, checked on %(day)s by %(unit)s."),
            _("Fixed, and checked on %(day)s."),
            _("It was fixed and checked."),
        ),
        Stage.CLOSED: (
            _(
                "Fixed on %(submitted_day)s, checked on %(verified_day)s by %(verified_unit)s, "
                "closed on %(day)s."
            ),
            _("Fixed, and closed on %(day)s."),
            _("It was fixed and closed."),
        ),
        Stage.RECHECKED: (
            _("Fixed, and found in order again on %(day)s."),
            _("It was fixed, and found in order again later."),
        ),
    },
    due={Stage.VERIFIED: _("It will be closed by %(due)s.")},
    happened={
        Move.CONFIRM: pgettext_lazy("to the public", "Found to be a hazard"),
        Move.REJECT: pgettext_lazy("to the public", "Not taken up"),
        Move.COME_BACK: pgettext_lazy("to the public", "Dealt with separately again"),
        Move.ASSIGN: pgettext_lazy("to the public", "Given to an office to be fixed"),
        Move.CONTEST: pgettext_lazy("to the public", "The office disagreed that it is responsible"),
        Move.DECIDE_CONTEST: pgettext_lazy("to the public", "Decided which office is responsible"),
        Move.START: pgettext_lazy("to the public", "Work started"),
        Move.SUBMIT: pgettext_lazy("to the public", "Fixed; to be checked"),
        Move.VERIFY: pgettext_lazy("to the public", "Checked and in order"),
        Move.RETURN: pgettext_lazy("to the public", "Checked and not in order; work continues"),
        Move.SEND_BACK: pgettext_lazy("to the public", "Checked and not in order; work continues"),
        Move.CLOSE: pgettext_lazy("to the public", "Closed"),
        Move.RECHECK: pgettext_lazy("to the public", "Checked again and in order"),
        Move.REOPEN: pgettext_lazy("to the public", "Occurred again; work continues"),
        Move.CONFIRM_CLOSURE: pgettext_lazy("to the public", "Checked: it is really fixed"),
        Move.DOUBT_CLOSURE: pgettext_lazy("to the public", "Checked: not fixed; work continues"),
        Move.ASK_EXTENSION: pgettext_lazy("to the public", "More time requested"),
        Move.ASK_LATER_CONCLUSION: pgettext_lazy("to the public", "More time requested"),
        Move.DECIDE_EXTENSION: pgettext_lazy("to the public", "Decided about more time"),
        Move.LIST: pgettext_lazy("to the public", "The level above follows it"),
        Move.UNLIST: pgettext_lazy("to the public", "The level above no longer follows it"),
        Move.ANSWER_LISTING: pgettext_lazy(
            "to the public", "The office said to the level above how far it is"
        ),
        Move.ASK_MORE_TIME: pgettext_lazy("to the public", "More time requested"),
        Move.DECIDE_MORE_TIME: pgettext_lazy("to the public", "Decided about more time"),
        Move.ORDER_FIX: pgettext_lazy("to the public", "Ordered to be fixed by a certain day"),
        Move.CHECK_ORDER: pgettext_lazy("to the public", "Checked whether the order was followed"),
        Move.ACCEPT: pgettext_lazy("to the public", "A team looked at the work"),
        Move.ASK_REMOVAL: pgettext_lazy(
            "to the public", "The office asks for the last check by the level above"
        ),
        Move.ADD_CHILD: pgettext_lazy("to the public", "A part was given to another office"),
        Move.ADD_ASSIST: pgettext_lazy("to the public", "Another office helps"),
        Move.END_ASSIST: pgettext_lazy("to the public", "The other office finished its help"),
    },
    terms={
        "HAZ-5": _("Fix the hazard"),
        "HAZ-11a": _("Conclude the report"),
        "LOC-2": _("Decide who fixes it"),
        "LOC-3": _("Check the work"),
        "LOC-4": _("Check again later"),
        "LOC-5": _("Decide which office is responsible"),
        "LOC-6": _("Decide about more time"),
        "LOC-8": _("Close it"),
        "LOC-14": _("Conclude the report"),
    },
)
