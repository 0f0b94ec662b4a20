"""Texts for the refusals of this app."""

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
        "The clock of this machine says %(now)s, and the worker last ran at %(other)s. Either "
        "the worker was stopped for that long, or the clock is wrong. Nothing is erased, sealed "
        "or escalated until you check the clock and confirm the time (bihuan accept-time)."
    ),
    Jump.BACK: lambda: _(
        "The clock of this machine says %(now)s, but the worker already ran at %(other)s: the "
        "clock was wrong then, or is wrong now. Nothing is erased, sealed or escalated until you "
        "check the clock and confirm the time (bihuan accept-time)."
    ),
    Jump.APART: lambda: _(
        "The clock of this machine says %(now)s, that of the database %(other)s. Nothing is "
        "erased, sealed or escalated until both are correct."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain why irreversible work is suspended, in a sentence for the operator."""
    match refusal:
        case TimeJumped(jump=jump, now=now, other=other):
            return _JUMPS[jump]() % {"now": _written(now), "other": _written(other)}
        case NotTheTime(now=now):
            text = _("The clock of this machine says %(now)s. Correct it first.")
            return text % {"now": _written(now)}
    return ""


def _written(at: datetime) -> str:
    return localtime(at).isoformat(sep=" ", timespec="minutes")
