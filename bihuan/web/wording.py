"""What this part refuses, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.core.refusal import Refusal
from bihuan.core.timekeeping import Jump
from bihuan.web.timekeeping import NotTheTime, TimeJumped

_JUMPS: dict[Jump, Callable[[], str]] = {
    Jump.AHEAD: lambda: _(
        "It is %(now)s by the clock of this machine, and the worker last ran at %(other)s. "
        "Either the worker was away for so long, or the clock is wrong. Nothing is erased, sealed "
        "or escalated until somebody compares the clock and says the time (bihuan accept-time)."
    ),
    Jump.BACK: lambda: _(
        "It is %(now)s by the clock of this machine, but the worker ran at %(other)s already: the "
        "clock was wrong then, or it is now. Nothing is erased, sealed or escalated until somebody "
        "compares the clock and says the time (bihuan accept-time)."
    ),
    Jump.APART: lambda: _(
        "It is %(now)s by the clock of this machine, and %(other)s by that of the database. "
        "Nothing is erased, sealed or escalated until both are put right."
    ),
}


def explain(refusal: Refusal) -> str:
    """Why nothing is done for good, in a sentence for the person who runs this."""
    match refusal:
        case TimeJumped(jump=jump, now=now, other=other):
            return _JUMPS[jump]() % {"now": _written(now), "other": _written(other)}
        case NotTheTime(now=now):
            said = _("The clock of this machine says %(now)s. Put it right first.")
            return said % {"now": _written(now)}
    return ""


def _written(at: datetime) -> str:
    return localtime(at).isoformat(sep=" ", timespec="minutes")
